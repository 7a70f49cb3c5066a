"""Starts MiniStack with our patches. Settings come by environment, as MiniStack's own do.

--attached: end when the process that started this one does (it holds our standard input).
"""

import sys

import patched_import
import patches

patched_import.install(patches.PATCHES)

if __name__ == "__main__":
    import attached
    import snapshots

    if "--attached" in sys.argv[1:]:
        attached.end_with_parent()
    sys.argv[1:] = []
    snapshots.install()

    from ministack.app import main

    main()
