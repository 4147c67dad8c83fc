"""What all canvases share in the browser."""

from pathlib import Path

BROWSER = Path(__file__).parent
