"""Makes the Python environment in `.venv`: `bootstrap.py requirements.txt [requirements-dev.txt]`.

VENV= names another folder for it.

What is installed is stamped with a hash of the file that asked for it, so that a second run has
nothing to do. Whatever is not as stamped (changed requirements, an interrupted run, a moved folder)
is made anew, so that the environment never holds more or less than the files say.

A Python too old for the site must still understand this file, to be able to say that it is too old:
hence no f-strings, no type hints, no pathlib.
"""

from __future__ import print_function

import hashlib
import os
import subprocess
import sys

OLDEST = (3, 11)
NAMES = ["python3.13", "python3.12", "python3.11", "python3"]

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENT = os.path.join(PROJECT, os.environ.get("VENV") or ".venv")
PYTHON = os.path.join(ENVIRONMENT, "bin", "python")


def main(requirements):
    chosen = os.environ.get("PYTHON", "")
    same_python = not chosen or version_of(chosen) == version_of(PYTHON)
    wanted = [wanted_stamp(name) for name in requirements]
    kept = [kept_stamp(name) for name in requirements]
    if same_python and kept == wanted:
        return

    python = suitable_python(chosen)
    if not os.access(PROJECT, os.W_OK):
        sys.exit("%s cannot be written: copy it to a folder of your own, and go there." % PROJECT)
    only_needs_more = kept[0] == wanted[0] and not any(kept[1:])
    if not (same_python and only_needs_more):
        make_environment(python)
    for name in requirements:
        if kept_stamp(name) != wanted_stamp(name):
            install(name)


def wanted_stamp(name):
    with open(os.path.join(PROJECT, name), "rb") as file:
        return hashlib.sha256(file.read() + ENVIRONMENT.encode("utf-8")).hexdigest()


def kept_stamp(name):
    if not os.path.exists(PYTHON) or not os.path.exists(stamp_file(name)):
        return ""
    with open(stamp_file(name), "rb") as file:
        return file.read().decode("ascii")


def keep_stamp(name, stamp):
    with open(stamp_file(name), "wb") as file:
        file.write(stamp.encode("ascii"))


def stamp_file(name):
    return os.path.join(ENVIRONMENT, name + ".installed")


def suitable_python(chosen):
    """The interpreter to make the environment with."""
    needed = "GenEdge CMS needs Python %s or later" % dotted(OLDEST)
    if chosen:
        version = version_of(chosen)
        if version is None:
            sys.exit("%s, and PYTHON=%s cannot be run: name another." % (needed, chosen))
        if version < OLDEST:
            sys.exit("%s, and PYTHON=%s is %s: name another." % (needed, chosen, dotted(version)))
        return chosen
    for name in [sys.executable] + NAMES:
        version = version_of(name)
        if version is not None and version >= OLDEST:
            return name
    sys.exit(
        "%s, and python3 here is %s: install a newer one, or name it as in"
        " make run PYTHON=/opt/python/bin/python3." % (needed, dotted(sys.version_info[:3]))
    )


def version_of(python):
    """As the program itself says: a name on PATH can be a stand-in that runs nothing."""
    question = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    try:
        with open(os.devnull, "w") as nowhere:
            answer = subprocess.check_output([python, "-c", question], stderr=nowhere)
        return tuple(int(part) for part in answer.decode("ascii").split("."))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def dotted(version):
    return ".".join(str(part) for part in version)


def make_environment(python):
    folder = os.path.basename(ENVIRONMENT)
    if os.path.islink(ENVIRONMENT):  # Making it anew would empty what is at the other end.
        sys.exit("%s is a link to another folder: remove the link, or name one in VENV=." % folder)
    say("Making the environment in %s with Python %s" % (folder, dotted(version_of(python))))
    code, output = run([python, "-m", "venv", "--clear", ENVIRONMENT])
    if "ensurepip" in output:
        sys.exit(
            "This Python lacks its venv module: install it (on Debian: apt install python3-venv),"
            " then run the same command again."
        )
    if code != 0:
        sys.exit("The environment could not be made: %s" % last_line(output))


def install(name):
    say("Installing %s" % name)
    keep_stamp(name, "unfinished")
    # Every package that is needed is in the file, so pip has nothing to work out.
    options = ["--require-hashes", "--no-deps", "--no-input", "--progress-bar=off"]
    code, output = run([PYTHON, "-m", "pip", "install", "--requirement", name] + options)
    if code != 0 and ("connection broken" in output or "(from versions: none)" in output):
        sys.exit(
            "The packages could not be downloaded: see to the network connection,"
            " then run the same command again."
        )
    if code != 0:
        errors = [line for line in output.splitlines() if line.startswith("ERROR")]
        sys.exit("%s could not be installed: %s" % (name, last_line("\n".join(errors) or output)))
    keep_stamp(name, wanted_stamp(name))


def run(command):
    """The command's exit code and output, whose lines pass by on a terminal."""
    process = subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    lines = []
    for line in iter(process.stdout.readline, b""):
        lines.append(line.decode("utf-8", "replace"))
        if sys.stdout.isatty():
            sys.stdout.write("\r\033[K  %s" % lines[-1].strip()[:76])
            sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
    return process.wait(), "".join(lines)


def last_line(output):
    return (output.strip() or "it did not say why").splitlines()[-1]


def say(message):
    print(message)
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command starts again from here.")
    except EnvironmentError as error:
        sys.exit("The environment could not be made: %s" % error)
