#!/usr/bin/env bash
# SimpleITK turns the values of a MONOCHROME1 image around: a dose of 0 reads as 65535, of 1000 as 64535 (SimpleITK 2.5.7 with GDCM, pydicom 3.0.2).
#
# PhotometricInterpretation says how values are to be shown: MONOCHROME1, usual for radiographs and in nuclear medicine, has the smallest ones
# white. It says nothing of what was measured: the modality's values are slope * stored + intercept for both kinds (PS3.3 C.7.6.3.1.2, C.11.1).
# SimpleITK hands out (largest - stored) in place of stored and rescales that, and says nothing; the header that it keeps still says
# MONOCHROME1, so that a viewer that goes by it turns the picture once more. With a slope and an intercept the numbers are neither values nor their
# negative; the largest is 4095 or 65535, as the header has BitsStored.
#
# Truth: pydicom, whose values are those that were written; and the same files marked as MONOCHROME2, which SimpleITK reads as pydicom does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-compile --only-binary :all: simpleitk==2.5.7 pydicom==3.0.2 numpy==2.4.6
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian, generate_uid

VALUES = np.array([[0, 1, 1000], [2000, 3000, 4000]], "<u2")
path = os.path.join(sys.argv[1], "a.dcm")


def write(kind, bits, slope, intercept):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ComputedRadiographyImageStorage, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    made.SOPClassUID, made.SOPInstanceUID = ComputedRadiographyImageStorage, meta.MediaStorageSOPInstanceUID
    made.StudyInstanceUID = made.SeriesInstanceUID = generate_uid()
    made.Modality, made.PatientID, made.PatientName = "CR", "1", "Nobody"
    made.Rows, made.Columns = VALUES.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, kind
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 16, bits, bits - 1, 0
    made.RescaleSlope, made.RescaleIntercept = str(slope), str(intercept)
    made.PixelData = VALUES.tobytes()
    made.save_as(path, enforce_file_format=True)


print("SimpleITK", SimpleITK.Version_VersionString(), "pydicom", pydicom.__version__, "numpy", np.__version__)
print("stored:", VALUES.ravel().tolist())
changed = 0
for bits in (12, 16):
    for slope, intercept in ((1, 0), (0.5, -100)):
        for kind in ("MONOCHROME2", "MONOCHROME1"):
            write(kind, bits, slope, intercept)
            truth = slope * VALUES.astype(float) + intercept
            other = pydicom.dcmread(path)
            assert np.array_equal(slope * other.pixel_array.astype(float) + intercept, truth), "pydicom has what was written"
            image = SimpleITK.ReadImage(path)
            seen = SimpleITK.GetArrayFromImage(image)[0].astype(float)
            around = slope * (2**bits - 1 - VALUES.astype(float)) + intercept
            described = around if kind == "MONOCHROME1" else truth
            same = np.allclose(seen, described) and image.GetMetaData("0028|0004").strip() == kind
            changed += not same
            print(f"{kind}, {bits} bits, slope {slope:<3g}, intercept {intercept:4g}: SimpleITK {seen.ravel().tolist()}, values {truth.ravel().tolist()}"
                  + ("" if same else f"  CHANGED, described as {described.ravel().tolist()}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: values of MONOCHROME1 are turned around, those of MONOCHROME2 are not"
