"""Makes a Python wheel that carries the program capfix, for pip and pre-commit.

    capfix_build.py PROGRAM FOLDER     writes FOLDER/capfix-VERSION-TAGS.whl, and prints its name

It is also the build backend (PEP 517) that pyproject.toml names, so `pip install .` in the sources compiles the program
and needs nothing but what `make` needs. The same program and SOURCE_DATE_EPOCH give the same bytes.

The platform tag is what the program needs: `manylinux_2_N` for the newest version of a glibc symbol that it uses, as PEP 600
means it; `linux` if it needs a library that not every Linux has.
"""
import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Libraries of glibc, which every manylinux has.
EVERYWHERE = re.compile(r"(libc|libm|libpthread|libdl|librt)\.so\.\d+|ld-linux.*\.so\.\d+")

METADATA = """\
Metadata-Version: 2.1
Name: capfix
Version: {version}
Summary: Make Kubernetes containers drop all capabilities, and change nothing else in their manifests
License: MIT
Keywords: kubernetes,security,capabilities,yaml,pre-commit
Classifier: Environment :: Console
Classifier: License :: OSI Approved :: MIT License
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: C
Requires-Python: >=3.7
Description-Content-Type: text/markdown

{readme}"""


def run(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def needed(program):
    """The shared libraries that the program is linked with, and the versions of glibc that its symbols come from."""
    dump = run("objdump", "-p", program)
    libraries = re.findall(r"^\s+NEEDED\s+(\S+)", dump, re.M)
    versions = re.findall(r"\bGLIBC_(\d+)\.(\d+)", dump)
    return libraries, [(int(major), int(minor)) for major, minor in versions]


def platform_tag(program):
    system = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    if not system.startswith("linux_"):
        return system
    libraries, versions = needed(program)
    if not versions or not all(EVERYWHERE.fullmatch(library) for library in libraries):
        return system
    major, minor = max(versions)
    return f"manylinux_{major}_{minor}_{system[len('linux_'):]}"


def timestamp():
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    try:
        return int(run("git", "-C", str(ROOT), "log", "-1", "--format=%ct"))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 315532800  # 1980, where zip's time begins


def notices(program):
    """The licences of what is linked into the program, where Debian keeps them."""
    linked_in = {"fyaml": "libfyaml", "jansson": "libjansson", "seccomp": "libseccomp"}
    outside = " ".join(needed(program)[0]) if sys.platform == "linux" else ""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for library, package in linked_in.items():
        notice = pathlib.Path(f"/usr/share/doc/{package}-dev/copyright")
        if library in makefile.lower() and library not in outside and notice.exists():
            yield package, notice.read_bytes()


def contents(program, version, tag):
    """(name, mode, bytes) of all files but RECORD."""
    info = f"capfix-{version}.dist-info"
    data = f"capfix-{version}.data"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    yield f"{data}/data/share/man/man1/capfix.1", 0o644, (ROOT / "man/capfix.1").read_bytes()
    yield f"{data}/scripts/capfix", 0o755, pathlib.Path(program).read_bytes()
    yield f"{info}/LICENSE", 0o644, (ROOT / "LICENSE").read_bytes()
    for package, notice in notices(program):
        yield f"{info}/LICENSE.{package}", 0o644, notice
    yield f"{info}/METADATA", 0o644, METADATA.format(version=version, readme=readme).encode()
    wheel = f"Wheel-Version: 1.0\nGenerator: capfix_build\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n"
    yield f"{info}/WHEEL", 0o644, wheel.encode()


def write_wheel(program, folder):
    """Returns the wheel's name."""
    version = run(os.path.abspath(program), "--version").split()[1]
    tag = platform_tag(program)
    name = f"capfix-{version}-py3-none-{tag}.whl"
    date = time.gmtime(max(timestamp(), 315532800))[:6]
    record = ""
    os.makedirs(folder, exist_ok=True)
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        def add(path, mode, data):
            entry = zipfile.ZipInfo(path, date)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)

        for path, mode, data in contents(program, version, tag):
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(data)}\n"
            add(path, mode, data)
        record_path = f"capfix-{version}.dist-info/RECORD"
        add(record_path, 0o644, f"{record}{record_path},,\n".encode())
    return name


# --- what pip calls --------------------------------------------------------------------------------------------------

def compile_program():
    """With the libraries inside if they are there to be linked so, else with the system's: it stays on this machine then."""
    make = ["make", "-C", str(ROOT), f"-j{os.cpu_count() or 1}"]
    static = subprocess.run([*make, "build/packaging/capfix"], stdout=sys.stderr, check=False)
    if static.returncode == 0:
        return ROOT / "build/packaging/capfix"
    if subprocess.run([*make, "build/capfix"], stdout=sys.stderr, check=False).returncode != 0:
        sys.exit("capfix: cannot be compiled here: `sh setup.sh` installs what is missing, or take a wheel instead")
    return ROOT / "build/capfix"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return write_wheel(compile_program(), wheel_directory)


def build_sdist(sdist_directory, config_settings=None):
    sys.exit("capfix: `make dist` makes the source archive")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: capfix_build.py PROGRAM FOLDER")
    print(os.path.join(sys.argv[2], write_wheel(sys.argv[1], sys.argv[2])))
