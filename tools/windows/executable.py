"""What can be seen of jisseki.exe without running it."""

import hashlib

import pefile

ICON_SIZES = {16, 24, 32, 48, 64, 256}
AMD64 = 0x8664
JAPANESE = "041104b0"
# Whoever examines the program sees by these that it could find others by their names, speak to
# them over the web or change the system. ws2_32.dll serves the window, shell32.dll opens the browser.
REACHING = {"advapi32.dll", "dnsapi.dll", "urlmon.dll", "winhttp.dll", "wininet.dll"}
RESOLVING = {"getaddrinfo", "GetAddrInfoW", "GetAddrInfoExW", "gethostbyname"}


def resources(program, kind):
    """The bytes of all resources of a kind, in the file's order."""
    found = []
    for of_kind in getattr(getattr(program, "DIRECTORY_ENTRY_RESOURCE", None), "entries", []):
        if of_kind.id != pefile.RESOURCE_TYPE[kind]:
            continue
        for named in of_kind.directory.entries:
            for entry in named.directory.entries:
                data = entry.data.struct
                found.append(program.get_data(data.OffsetToData, data.Size))
    return found


def strings(program):
    """The texts of the version: what the file's properties show."""
    texts = {}
    for information in getattr(program, "FileInfo", []):
        for part in information:
            for table in getattr(part, "StringTable", []):
                if table.LangID.decode() == JAPANESE:
                    texts.update({key.decode(): value.decode() for key, value in table.entries.items()})
    return texts


def icon_sizes(group):
    """The sizes that a group of icons holds; 0 says 256."""
    count = int.from_bytes(group[4:6], "little")
    return {group[6 + 14 * at] or 256 for at in range(count)}


def faults(path, version):
    """Why this executable is not to be handed out."""
    try:
        program = pefile.PE(str(path), fast_load=True)
        program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
    except pefile.PEFormatError as error:
        return [f"is no Windows program: {error}"]
    found = []
    if program.FILE_HEADER.Machine != AMD64:
        found.append("is not for 64-bit Windows")
    if program.FILE_HEADER.TimeDateStamp:
        found.append("says when it was linked: two builds would differ")
    texts = strings(program)
    if texts.get("ProductVersion") != version:
        found.append(f"has no resource that says version {version} (is windres installed?)")
    if "実績一覧" not in texts.get("FileDescription", ""):
        found.append("does not say in Japanese what it is")
    if [icon_sizes(group) for group in resources(program, "RT_GROUP_ICON")] != [ICON_SIZES]:
        found.append("does not have the icon in all sizes")
    manifests = resources(program, "RT_MANIFEST")
    if len(manifests) != 1 or b'level="asInvoker"' not in manifests[0]:
        found.append("does not say that it needs no administrator's rights")
    return found


def reaching(path):
    """What is linked in of the web, of names of other machines and of the registry. A program that
    is not optimised as a whole has what the language's own library would need for them."""
    program = pefile.PE(str(path), fast_load=True)
    program.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
    libraries = {entry.dll.decode().lower() for entry in program.DIRECTORY_ENTRY_IMPORT}
    imports = [one for entry in program.DIRECTORY_ENTRY_IMPORT for one in entry.imports if one.name]
    return sorted(libraries & REACHING | {one.name.decode() for one in imports} & RESOLVING)


def sha256(content):
    return hashlib.sha256(content).hexdigest()
