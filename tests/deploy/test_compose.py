"""The files of the container deployment, read as data: no engine is needed to run these tests."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import make_secrets
from radrate.embedded import processes

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "worker-gpu", "beat")
ONE_SHOT = ("migrate",)
EVERYWHERE = "0.0.0.0"
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
NGINX = (PROJECT / "deploy/nginx/radrate.conf.template").read_text(encoding="utf-8")


def test_every_part_of_radrate_is_a_service() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "nginx"}


@pytest.mark.parametrize("name", ["web", "worker", "worker-gpu", "beat"])
def test_a_container_runs_the_same_command_as_the_demo(name: str) -> None:
    var = Path(SERVICES[name]["environment"]["RADRATE_VAR"])
    assert SERVICES[name]["command"] == processes.commands(8000, EVERYWHERE, var)[name]


def test_the_image_alone_runs_the_web_process() -> None:
    command = yaml.safe_load(re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[-1])
    assert command == SERVICES["web"]["command"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_may_become_it(name: str) -> None:
    service = SERVICES[name]
    uid, gid = service["user"].split(":")
    assert int(uid) > 0
    assert int(gid) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


def test_the_image_itself_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] == SERVICES["web"]["user"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ONE_SHOT])
def test_every_lasting_service_has_a_health_check_and_comes_back(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries"} <= set(check)
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_nginx_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_foreign_images_are_pinned_to_a_release() -> None:
    for name in ("postgres", "redis", "nginx"):
        assert re.search(r":\d+\.\d+(\.\d+)?$", SERVICES[name]["image"])
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"python:3.11-slim-trixie"}


def test_the_image_installs_only_what_the_lock_names() -> None:
    installs = re.findall(r"pip install ([^;\\\n]+[^;\\\s])", DOCKERFILE)
    assert installs == [
        "--require-hashes -r requirements.lock",
        "--require-hashes --no-deps -r requirements-diffusers.lock",
        "torch==2.13.0",
    ]


def test_the_worker_with_a_gpu_alone_has_the_extra_for_it() -> None:
    assert re.findall(r"^ARG (.+)$", DOCKERFILE, re.MULTILINE) == ["EXTRA="]
    assert SERVICES["worker-gpu"]["build"] == {"context": ".", "args": {"EXTRA": "diffusers"}}
    others = {SERVICES[name]["image"] for name in OURS if name != "worker-gpu"}
    assert others == {"radrate:0.1.0"}
    assert SERVICES["worker-gpu"]["image"] == "radrate-gpu:0.1.0"


def test_torch_has_one_pin_and_no_lock_names_it() -> None:
    pins = {
        re.search(r"torch==([\w.]+)", (PROJECT / name).read_text(encoding="utf-8"))[1]
        for name in ("pyproject.toml", "Makefile", "Dockerfile")
    }
    assert pins == {"2.13.0"}
    for lock in PROJECT.glob("requirements*.lock"):
        assert re.findall(r"^(?:torch|nvidia|cuda|triton)\b.*", lock.read_text(), re.M) == []


def test_the_extra_changes_no_release_that_the_others_have() -> None:
    def releases(name: str) -> dict[str, str]:
        text = (PROJECT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))

    extra = releases("requirements-diffusers.lock")
    assert releases("requirements.lock").items() <= extra.items()
    shared = releases("requirements-dev.lock")
    assert {name: extra[name] for name in shared.keys() & extra.keys()} == {
        name: shared[name] for name in shared.keys() & extra.keys()
    }


def test_no_lock_names_an_index() -> None:
    for lock in PROJECT.glob("requirements*.lock"):
        assert re.findall(r"^--|://", lock.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_secrets_come_as_files_and_none_stands_in_the_compose_file() -> None:
    for name in OURS:
        environment = SERVICES[name]["environment"]
        for secret in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
            assert secret not in environment
            assert environment[f"{secret}_FILE"] == f"/run/secrets/{secret.lower()}"
    assert re.findall(r"://[^\s/]*:[^\s/]*@", TEXT) == []
    values = [
        f"{key}={value}"
        for service in SERVICES.values()
        for key, value in service.get("environment", {}).items()
        if re.search(r"PASSWORD|SECRET|TOKEN", key) and not key.endswith("_FILE")
    ]
    assert values == []


def test_each_secret_mounted_is_declared_and_each_declared_is_used() -> None:
    mounted = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert mounted == set(COMPOSE["secrets"])
    for service in SERVICES.values():
        used = set(re.findall(r"/run/secrets/(\w+)", yaml.safe_dump(service)))
        assert used <= set(service.get("secrets", []))


def test_a_container_gets_no_secret_that_it_does_not_need() -> None:
    assert "postgres_password" not in SERVICES["web"]["secrets"]
    assert SERVICES["redis"]["secrets"] == ["redis_configuration"]
    assert set(SERVICES["nginx"]["secrets"]) == {"tls_certificate", "tls_key"}


def test_the_script_writes_every_secret_but_the_certificate(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    written = make_secrets.write(folder)
    declared = {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}
    assert {*written, "tls.crt", "tls.key"} == declared
    password = (folder / "database_password").read_text()
    assert f"radrate:{password}@postgres:5432/" in (folder / "database_url").read_text()
    redis = re.findall(r"^requirepass (\S+)$", (folder / "redis.conf").read_text(), re.MULTILINE)
    assert f":{redis[0]}@redis:6379/" in (folder / "redis_url").read_text()
    assert folder.stat().st_mode & 0o077 == 0


def test_the_script_never_overwrites_a_secret(tmp_path: Path) -> None:
    make_secrets.write(tmp_path)
    before = (tmp_path / "secret_key").read_text()
    assert make_secrets.write(tmp_path) == []
    assert (tmp_path / "secret_key").read_text() == before


def test_each_variable_that_compose_reads_is_explained_in_the_example() -> None:
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    assert set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT)) == explained


def test_the_database_is_migrated_before_anything_uses_it() -> None:
    for name in ("web", "worker", "worker-gpu", "beat"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"}
        }
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_every_volume_and_network_used_is_declared() -> None:
    for service in SERVICES.values():
        named = {source for source, *_ in (v.split(":") for v in service.get("volumes", []))}
        assert {v for v in named if not v.startswith("./")} <= set(COMPOSE["volumes"])
        assert {v for v in named if v.startswith("./") and not (PROJECT / v).is_file()} == set()
        assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_nginx_overwrites_what_a_client_claims_about_itself() -> None:
    set_headers = dict(re.findall(r"proxy_set_header (\S+) (\S+);", NGINX))
    assert set_headers["X-Forwarded-For"] == "$remote_addr"
    assert set_headers["X-Forwarded-Proto"] == "https"
    assert set_headers["X-Forwarded-Host"] == "$http_host"
    assert set_headers["Forwarded"] == '""'


def test_nginx_neither_adds_headers_nor_serves_files_nor_caches() -> None:
    assert re.findall(r"^\s*(add_header|root|alias|expires|proxy_cache)\b", NGINX, re.M) == []


def test_nginx_limits_uploads_as_the_application_does() -> None:
    assert "client_max_body_size ${MAX_UPLOAD_MB}m;" in NGINX
    limit = SERVICES["nginx"]["environment"]["MAX_UPLOAD_MB"]
    assert SERVICES["web"]["environment"]["MAX_UPLOAD_MB"] == limit
    substituted = SERVICES["nginx"]["environment"]["NGINX_ENVSUBST_FILTER"].replace("$$", "$")
    for name in re.findall(r"\$\{(\w+)\}", NGINX):
        assert re.fullmatch(substituted, name)


def test_the_image_is_built_from_the_named_folders_only() -> None:
    lines = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not {"!secrets/", "!var/", "!.env", "!.git/"} & set(rules)
