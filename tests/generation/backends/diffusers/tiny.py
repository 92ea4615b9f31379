"""Tiny Stable Diffusion with random weights: the real code of diffusers, no download, only noise.

About 60,000 parameters a pipeline. torch is imported when something is built.
"""

import json
from pathlib import Path
from typing import Any

MERGES = [("x", "-"), ("r", "a"), ("ra", "y</w>"), ("o", "f</w>"), ("a", "n</w>")]
WIDTH = 32


def build_all(folder: Path) -> None:
    """`plain` and `checked` (everything is flagged) make images, `inpaint` has the nine channels of
    a model trained to inpaint, `lora` holds a LoRA for each, `other_lora` one for another model."""
    build(folder / "plain")
    build(folder / "checked", flags_everything=True)
    build(folder / "inpaint", channels=9)
    build_lora(folder / "plain", folder / "lora")
    _lora_of_another_model(folder / "other_lora")


def build(folder: Path, *, channels: int = 4, flags_everything: bool = False) -> None:
    import diffusers
    import torch

    torch.manual_seed(0)
    tokenizer = _tokenizer(folder.parent / "tokenizer")
    name = "StableDiffusionInpaintPipeline" if channels == 9 else "StableDiffusionPipeline"
    unet, vae, text_encoder = _unet(channels), _vae(), _text_encoder(tokenizer)
    checker, processor = (
        _checker() if flags_everything else (None, None)
    )  # draws no other's weights
    pipeline = getattr(diffusers, name)(
        unet=unet,
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        scheduler=diffusers.DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
        ),
        safety_checker=checker,
        feature_extractor=processor,
        requires_safety_checker=flags_everything,
    )
    pipeline.save_pretrained(folder)


def build_lora(model: Path, folder: Path) -> None:
    """A LoRA with weights large enough that the picture is another."""
    import torch
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import convert_state_dict_to_diffusers
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    torch.manual_seed(1)
    pipeline = StableDiffusionPipeline.from_pretrained(model, local_files_only=True)
    pipeline.unet.add_adapter(LoraConfig(r=2, target_modules=["to_k", "to_q", "to_v", "to_out.0"]))
    weights = convert_state_dict_to_diffusers(get_peft_model_state_dict(pipeline.unet))
    weights = {name: torch.randn_like(weight) for name, weight in weights.items()}
    StableDiffusionPipeline.save_lora_weights(folder, unet_lora_layers=weights)


def _lora_of_another_model(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    folder.mkdir()
    name = "transformer.blocks.0.attn.to_q.lora_{}.weight"
    weights = {name.format("A"): torch.ones(2, 8), name.format("B"): torch.ones(8, 2)}
    save_file(weights, folder / "other.safetensors")


def _unet(channels: int) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(4, 8),
        layers_per_block=1,
        sample_size=32,
        in_channels=channels,
        out_channels=4,
        norm_num_groups=2,
        cross_attention_dim=WIDTH,
        attention_head_dim=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )


def _vae() -> Any:
    """Four levels, for the usual factor of eight between latents and pixels."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(4, 4, 4, 4),
        latent_channels=4,
        norm_num_groups=2,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
    )


def _text_encoder(tokenizer: Any) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        projection_dim=WIDTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config).eval()


def _checker() -> tuple[Any, Any]:
    """Stable Diffusion's own safety checker, with a threshold that every picture passes."""
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor

    small = {"hidden_size": WIDTH, "intermediate_size": 37, "num_hidden_layers": 2}
    vision = {**small, "num_attention_heads": 4, "image_size": 30, "patch_size": 6}
    config = CLIPConfig(vision_config=vision, projection_dim=WIDTH)
    checker = StableDiffusionSafetyChecker(config).eval()
    checker.concept_embeds_weights.fill_(-2)  # a cosine is above it
    processor = CLIPImageProcessor(size=30, crop_size=30)
    return checker, processor


def _tokenizer(folder: Path) -> Any:
    """CLIP's byte-level encoding with a vocabulary of the 256 bytes and a few merges."""
    from transformers import CLIPTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    letters = _letters()
    tokens = [
        *letters,
        *(f"{letter}</w>" for letter in letters),
        *("".join(pair) for pair in MERGES),
        *("<|startoftext|>", "<|endoftext|>"),
    ]
    (folder / "vocab.json").write_text(json.dumps({token: n for n, token in enumerate(tokens)}))
    merges = "\n".join(" ".join(pair) for pair in MERGES)
    (folder / "merges.txt").write_text(f"#version: 0.2\n{merges}\n")
    return CLIPTokenizer.from_pretrained(folder, model_max_length=77)


def _letters() -> list[str]:
    """One printable letter for each byte, as GPT-2 writes them."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + n) for n in range(len(others))]
