"""Applies patches.PATCHES to modules as they are imported."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys


def patched_source(module, text, patches):
    """The module's text with every patch applied; exits when one does not apply exactly once."""
    for reason, old, new in patches:
        found = text.count(old)
        if found != 1:
            sys.exit(f"cannot start the emulator: the patch of {module} ({reason}) applies {found} times, not once")
        text = text.replace(old, new)
    return text


class PatchedLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname, path, patches):
        super().__init__(fullname, path)
        self.patches = patches

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        text = self.get_data(path).decode("utf-8")
        return compile(patched_source(fullname, text, self.patches), path, "exec", dont_inherit=True)


class PatchedFinder(importlib.abc.MetaPathFinder):
    def __init__(self, patches):
        self.patches = patches

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self.patches:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        if found is None:
            sys.exit(f"cannot start the emulator: there is no module {fullname} to patch")
        return importlib.util.spec_from_file_location(
            fullname,
            found.origin,
            loader=PatchedLoader(fullname, found.origin, self.patches[fullname]),
            submodule_search_locations=found.submodule_search_locations,
        )


def install(patches):
    sys.meta_path.insert(0, PatchedFinder(patches))
