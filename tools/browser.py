"""A browser for the journeys: the one named, the machine's Chromium, or one installed from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMED = "GUICHET_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a test of pages has no use for, and pays with each person at a browser: the address bar's own list is a page of
# its own in every window, and a process is kept ready beside each. A browser heeds only the last list that it is
# given, so the first lines say again what its driver turns off.
UNUSED = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess",
)  # fmt: skip
LEAN = f"--disable-features={','.join(UNUSED)}"
INSTALL = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"])


def present() -> str | None:
    """The path of a browser on this machine, or None."""
    return os.environ.get(NAMED) or next((path for name in NAMES if (path := shutil.which(name))), None)


def find() -> str:
    """The path of a browser; installs Debian's when it may. Raises SystemExit with one sentence otherwise."""
    path = present()
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests…", flush=True)
        for command in INSTALL:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        path = present()
    if path is None:
        raise SystemExit(f"No browser: install Chromium (apt-get install chromium), or set {NAMED} to its path.")
    return path


if __name__ == "__main__":
    sys.stdout.write(find() + "\n")
