"""Records what OpenCV decodes photographs to: python3 opencv_digests.py FOLDER (of the LFW data set; writes lfw-opencv.json)."""

import json
import pathlib
import sys
import zlib

import cv2

folder = pathlib.Path(sys.argv[1])
digests = {}
for path in sorted(folder.rglob("*.jpg"))[::20]:
    pixels = cv2.imread(str(path))[..., ::-1]
    digests[str(path.relative_to(folder))] = zlib.crc32(pixels.tobytes())
(pathlib.Path(__file__).parent / "lfw-opencv.json").write_text(json.dumps(digests, indent=0) + "\n")
