"""DICOM: files and folders of them."""
