#!/usr/bin/env bash
# A calibrated radiograph has the size of its detector in SimpleITK 2.5.7 (ITK/GDCM), and the right one in VTK 9.7.2; without the calibration it is the other way round.
#
# A radiograph (CR, DX, mammography, angiography) may have two distances of pixels. Imager Pixel Spacing is that on the detector, which
# is larger than the patient by the geometric magnification. Pixel Spacing is that in the patient: if it is there and differs, somebody
# has calibrated it, and Pixel Spacing Calibration Type says how (DICOM PS3.3, 10.7.1.3). Who measures a vessel or a hip has to take it.
# SimpleITK tells the distances on the detector where both are there, with no warning; where only the calibrated ones are there it tells
# 1. In a CT it tells Pixel Spacing. vtkDICOMImageReader tells Pixel Spacing in all of them, and 1 where only the detector's are there.
# So no file of the three kinds that hold one number or both is right in both libraries, and lengths in one and the same file differ.
#
# The files hold what sizes the pixels, and not the many attributes about the device and the patient.
# Truth: a ball of 50 mm, which covers 100 rows of the picture; and both attributes as pydicom reads them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    vtk==9.7.2 numpy==2.4.6 simpleitk==2.5.7 pydicom==3.0.2 typing_extensions==4.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    XRayAngiographicImageStorage,
    generate_uid,
)
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkIOImage import vtkDICOMImageReader

ROWS, COLUMNS, TALL, WIDE, BALL_MM = 120, 140, 100, 100, 50.0
DETECTOR, PATIENT = [0.6, 0.6], [0.5, 0.5]  # the magnification is 1.2


def write(path, kind, imager, pixel):
    meta, data = FileMetaDataset(), Dataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = kind, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta = meta
    data.SOPClassUID, data.SOPInstanceUID = kind, meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.PatientName, data.PatientID, data.Modality = "ball", "1", "OT"
    data.Rows, data.Columns, data.SamplesPerPixel, data.PhotometricInterpretation = ROWS, COLUMNS, 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 0
    if imager:
        data.ImagerPixelSpacing = imager
    if pixel:
        data.PixelSpacing = pixel
        if imager:
            data.PixelSpacingCalibrationType, data.PixelSpacingCalibrationDescription = "FIDUCIAL", "ball of 50 mm"
    row, column = np.ogrid[:ROWS, :COLUMNS]
    ball = (row - 59.5) ** 2 + (column - 69.5) ** 2 <= (TALL / 2) ** 2
    data.PixelData = (1000 * ball).astype("<u2").tobytes()
    data.save_as(path, enforce_file_format=True)


def tall(values):
    """How many rows the ball covers."""
    return int((values > 500).any(axis=1).sum())


def by_itk(path):
    image = SimpleITK.ReadImage(path)
    return tall(SimpleITK.GetArrayFromImage(image)[0]) * image.GetSpacing()[1]


def by_vtk(path):
    reader = vtkDICOMImageReader()
    reader.SetFileName(path)
    reader.Update()
    image = reader.GetOutput()
    return tall(vtk_to_numpy(image.GetPointData().GetScalars()).reshape(ROWS, COLUMNS)) * image.GetSpacing()[1]


print("VTK", vtkVersion.GetVTKVersion(), "SimpleITK", SimpleITK.Version.VersionString(), "pydicom", pydicom.__version__)
path, changed = os.path.join(sys.argv[1], "ball.dcm"), 0
KINDS = (
    ("CR", ComputedRadiographyImageStorage), ("DX", DigitalXRayImageStorageForPresentation),
    ("MG", DigitalMammographyXRayImageStorageForPresentation), ("XA", XRayAngiographicImageStorage),
)
CASES = [(name, kind, *case) for name, kind in KINDS for case in (
    ("both", DETECTOR, PATIENT, 60.0, 50.0), ("calibrated alone", None, PATIENT, 100.0, 50.0),
    ("detector alone", DETECTOR, None, 60.0, 100.0),
)] + [("CT", CTImageStorage, "for comparison", None, PATIENT, 50.0, 50.0)]
for name, kind, what, imager, pixel, itk, vtk in CASES:
    write(path, kind, imager, pixel)
    header = pydicom.dcmread(path)
    assert tall(header.pixel_array) == TALL
    stated = {key: [float(one) for one in header[key].value] for key in ("ImagerPixelSpacing", "PixelSpacing") if key in header}
    assert stated == {key: one for key, one in (("ImagerPixelSpacing", imager), ("PixelSpacing", pixel)) if one}
    true = TALL * (pixel or imager)[0]  # without a calibration the size on the detector is all that is known
    assert true == (BALL_MM if pixel else 60.0)
    found = by_itk(path), by_vtk(path)
    same = np.allclose(found, (itk, vtk))
    changed += not same
    print(f"{name}, {what}: the ball is {true:g} mm, SimpleITK {found[0]:g}, VTK {found[1]:g}" + ("" if same else "  CHANGED"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: the sizes of a radiograph are those of its detector, of the patient, or 1, by who reads it"
