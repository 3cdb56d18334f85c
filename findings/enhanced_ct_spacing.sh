#!/usr/bin/env bash
# One frame that lies 0.01 mm off takes away the pixel size of a whole Enhanced CT: spacing (1, 1, 1) (SimpleITK 2.5.7, ITK/GDCM).
#
# A multi-frame DICOM image holds its pixel spacing once and a position for each frame. With positions 0, 2, 4, 6 mm the spacing is
# right; with 0, 2, 4, 6.001 it is right too (2.0003); with 6.01, or a gap, or frames in another order of places, all three numbers
# become 1: also the two within the slice, which the file states and which have nothing to do with it. Origin, direction and values
# stay right. An expert expects a refusal, a warning, or at worst a mean distance, which is what the same library gives for the same
# frames as single files, with a warning. Lengths, areas and volumes measured in such an image are off by the sizes that were lost.
#
# The files hold what places and scales the pixels, and not the many attributes about the scanner and the patient.
# Truth: PixelSpacing in the file, read by pydicom; and the same frames as a series of single files through SimpleITK's own series reader.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: \
    numpy==2.4.6 simpleitk==2.5.7 pydicom==3.0.2 typing_extensions==4.16.0
timeout 100 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys

import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian, generate_uid

ROWS, COLUMNS, PIXEL = 4, 5, (0.7, 0.6)


def group(**values):
    item = Dataset()
    for name, value in values.items():
        setattr(item, name, value)
    return Sequence([item])


def common(kind, series):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = kind
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = series
    data.Modality, data.ImageType = "CT", ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    data.PatientName, data.PatientID = "Phantom", "1"
    data.Rows, data.Columns, data.SamplesPerPixel, data.PhotometricInterpretation = ROWS, COLUMNS, 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 1
    return data


def enhanced(path, heights, series):
    data = common(EnhancedCTImageStorage, series)
    data.NumberOfFrames = len(heights)
    organization = generate_uid()
    data.DimensionOrganizationSequence = group(DimensionOrganizationUID=organization)
    data.DimensionIndexSequence = group(  # InStackPositionNumber of the frame content
        DimensionOrganizationUID=organization, DimensionIndexPointer=0x00209057, FunctionalGroupPointer=0x00209111)
    data.SharedFunctionalGroupsSequence = group(
        PixelMeasuresSequence=group(PixelSpacing=list(PIXEL), SliceThickness=2.0),
        PlaneOrientationSequence=group(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
        PixelValueTransformationSequence=group(RescaleIntercept=0, RescaleSlope=1, RescaleType="HU"))
    frames = [group(PlanePositionSequence=group(ImagePositionPatient=[10, 20, z]),
                    FrameContentSequence=group(StackID="1", InStackPositionNumber=k, DimensionIndexValues=[k]))[0]
              for k, z in enumerate(heights, 1)]
    data.PerFrameFunctionalGroupsSequence = Sequence(frames)
    data.PixelData = np.repeat(np.arange(len(heights), dtype="<i2"), ROWS * COLUMNS).tobytes()
    data.save_as(path, enforce_file_format=True)


def single(path, number, z, series):
    data = common(CTImageStorage, series)
    data.InstanceNumber, data.PixelSpacing, data.SliceThickness = number, list(PIXEL), 2.0
    data.ImageOrientationPatient, data.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [10, 20, z]
    data.RescaleIntercept, data.RescaleSlope = 0, 1
    data.PixelData = np.full(ROWS * COLUMNS, number - 1, "<i2").tobytes()
    data.save_as(path, enforce_file_format=True)


print("SimpleITK", SimpleITK.Version.VersionString(), "pydicom", pydicom.__version__)
folder = sys.argv[1]
path = os.path.join(folder, "enhanced.dcm")
changed = 0
for heights, right in (([0, 2, 4, 6], True), ([0, 2, 4, 6.001], True), ([0, 2, 4, 6.01], False), ([0, 2, 4, 8], False), ([0, 4, 2, 6], False)):
    series = [generate_uid() for _ in range(3)]
    enhanced(path, heights, series)
    stated = pydicom.dcmread(path).SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing
    assert tuple(map(float, stated)) == PIXEL
    names = [os.path.join(folder, f"{k}.dcm") for k in range(1, len(heights) + 1)]
    for number, (name, z) in enumerate(zip(names, heights), 1):
        single(name, number, z, series)
    by_files = SimpleITK.ReadImage(names)
    assert np.allclose(by_files.GetSpacing()[:2], PIXEL[::-1]), "single files keep the pixel size"
    image = SimpleITK.ReadImage(path)
    values = SimpleITK.GetArrayFromImage(image)[:, 0, 0].tolist()
    seen = image.GetSpacing()
    same = np.allclose(seen, (*PIXEL[::-1], 2.0), atol=0.01) if right else seen == (1.0, 1.0, 1.0)
    same = same and image.GetOrigin() == (10, 20, 0) and values == [0, 1, 2, 3]
    changed += not same
    print(f"frames at {heights}: pixel {PIXEL[::-1]}, seen {np.round(seen, 4)}, as files {np.round(by_files.GetSpacing(), 4)}"
          + ("" if same else f"  CHANGED, described as {'right' if right else '(1, 1, 1)'}"))
sys.exit(f"{changed} rows are not as described any more" if changed else 0)
PY
echo "as described: uneven frames take away the pixel size"
