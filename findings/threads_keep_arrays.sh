#!/usr/bin/env bash
# Large VTK arrays that threads have freed stay in the process, out of malloc_trim's reach (VTK 9.7.2, glibc 2.36).
#
# An image of 23 MB is allocated by mmap, and freeing it should give it back to the system at once. But glibc learns: the first
# such free raises its threshold for mmap to the size of that block (at most 32 MiB), so that the next image comes from an arena,
# and the threshold for trimming to twice as much, so that up to that many bytes stay free at the end of the arena. Each thread has
# an arena of its own, up to eight for each core. malloc_trim(0), the usual remedy, trims the end of the main arena only. A server
# whose sessions are threads, each of which makes one image and deletes it, thus keeps an image for each thread that it ever had at
# a time, and its memory is held by no object, Python's or VTK's. A fixed threshold (mallopt, or MALLOC_MMAP_THRESHOLD_) ends that.
#
# Truth: RssAnon after all is deleted and trimmed, with glibc's own thresholds and with fixed ones; the same program.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-compile --only-binary :all: vtk==9.7.2
cat > "$folder/sessions.py" <<'PY'
import ctypes
import platform
import threading

from vtkmodules.vtkCommonCore import vtkVersion
from vtkmodules.vtkCommonDataModel import vtkImageData

THREADS = 4
MIB = 2**20


def kept_mib() -> float:
    with open("/proc/self/status", encoding="utf-8") as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:"))


def session(all_have: threading.Barrier) -> None:
    for _ in range(2):  # the first raises the threshold, the second comes from the arena
        image = vtkImageData()
        image.SetDimensions(180, 180, 180)
        image.AllocateScalars(10, 1)  # floats, 23 MB
        image.GetPointData().GetScalars().Fill(1.0)
        all_have.wait()
        del image
        all_have.wait()


before = kept_mib()
barrier = threading.Barrier(THREADS)
threads = [threading.Thread(target=session, args=(barrier,)) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_trim(0)
print(vtkVersion.GetVTKVersion(), "-".join(platform.libc_ver()), round(kept_mib() - before))
PY
learnt=$(timeout 120 "$folder/venv/bin/python" "$folder/sessions.py")
fixed=$(MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=2097152 timeout 120 "$folder/venv/bin/python" "$folder/sessions.py")
read -r vtk libc learnt_mib <<< "$learnt"
fixed_mib=${fixed##* }
echo "VTK $vtk, $libc: four threads, an image of 22 MiB each, all deleted and trimmed"
echo "true: nothing of them stays; seen: $learnt_mib MiB stay, $fixed_mib MiB with a fixed threshold"
if (( learnt_mib >= 44 && fixed_mib < 10 )); then
    exit 0
fi
echo "changed: at least 44 MiB stayed, and less than 10 with a fixed threshold"
exit 1
