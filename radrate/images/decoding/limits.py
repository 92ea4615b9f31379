"""What one file may cost. The parent enforces wall time, the child all else on itself."""

ADDRESS_SPACE_BYTES = 1 << 30
CPU_SECONDS_PER_FILE = 20
WALL_SECONDS_PER_FILE = 60
FILE_BYTES = 512 << 20
PIXELS = 100_000_000
SHORTEST_SIDE = 64
THUMBNAIL_SIDE = 320
