"""Files of the chats: kept in memory, named as Telegram names them, recognised by their bytes.

A file_id belongs to one kind of media; sent again it shows the same file. The total is bounded:
past it the oldest files are forgotten, as Telegram forgets links.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import struct
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.simulator.parameters import Json, Upload
from bot.simulator.refusals import bad_request

FileKind: TypeAlias = Literal[
    "photo", "voice", "audio", "video", "document", "animation", "video_note", "sticker"
]
KINDS: tuple[FileKind, ...] = (
    *("photo", "voice", "audio", "video"),
    *("document", "animation", "video_note", "sticker"),
)

UPLOAD_BYTES_MAX = 50 * 1024 * 1024
PHOTO_BYTES_MAX = 10 * 1024 * 1024
DOWNLOAD_BYTES_MAX = 20 * 1024 * 1024
SHELF_BYTES_MAX = 512 * 1024 * 1024
PHOTO_SIDES_MAX = 10_000
PHOTO_RATIO_MAX = 20

_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"WAVE", 8, "audio/x-wav"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1a\x45\xdf\xa3", 0, "video/webm"),
    (b"%PDF-", 0, "application/pdf"),
)
_FOLDERS: dict[FileKind, str] = {
    "photo": "photos",
    "voice": "voice",
    "audio": "music",
    "video": "videos",
    "animation": "animations",
    "document": "documents",
    "video_note": "video_notes",
    "sticker": "stickers",
}
_ENDINGS = {"image/jpeg": ".jpg", "audio/ogg": ".oga", "audio/mpeg": ".mp3", "audio/mp4": ".m4a"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file and what Telegram says of it; `path` is what getFile answers."""

    file_id: str
    unique_id: str
    kind: FileKind
    path: str
    file_name: str
    media_type: str
    width: int
    height: int
    content: bytes = field(repr=False)

    def identity(self) -> Json:
        """Return the members that every kind of file has."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }


@dataclass(slots=True)
class FileShelf:
    """All files of a world, by file_id and by path."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    by_path: dict[str, StoredFile] = field(default_factory=dict)
    bytes_kept: int = 0
    count: int = 0

    def keep(self, kind: FileKind, upload: Upload) -> StoredFile:
        """Keep a file and name it; the oldest make room when the shelf is full."""
        self.count += 1
        file = _named(kind, upload, self.count)
        self.by_id[file.file_id] = file
        self.by_path[file.path] = file
        self.bytes_kept += len(file.content)
        while self.bytes_kept > SHELF_BYTES_MAX and len(self.by_id) > 1:
            self._forget(next(iter(self.by_id.values())))
        return file

    def find(self, kind: FileKind, file_id: str) -> StoredFile:
        """Return a file for sending again, refused where it is not known or of another kind."""
        file = self.by_id.get(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request("type of file mismatch")
        return file

    def _forget(self, file: StoredFile) -> None:
        del self.by_id[file.file_id]
        del self.by_path[file.path]
        self.bytes_kept -= len(file.content)


def media_type_of(upload: Upload) -> str:
    """Recognise a file by its first bytes, else by its name, else by what the sender said."""
    for magic, offset, media_type in _MAGIC:
        if upload.content.startswith(magic, offset):
            return media_type
    guessed, _ = mimetypes.guess_type(upload.file_name)
    return guessed or upload.media_type or "application/octet-stream"


def picture_size(content: bytes) -> tuple[int, int]:
    """Read width and height, in pixels, from the header of a picture; (0, 0) if it is none."""
    try:
        if content.startswith(b"\x89PNG"):
            return _pair(">II", content, 16)
        if content.startswith(b"GIF8"):
            return _pair("<HH", content, 6)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return _webp(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except struct.error:
        pass
    return 0, 0


def check_picture(content: bytes) -> None:
    """Refuse what Telegram would not take as a photo."""
    if len(content) > PHOTO_BYTES_MAX:
        raise bad_request("file is too big")
    width, height = picture_size(content)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    long, short = max(width, height), min(width, height)
    if width + height > PHOTO_SIDES_MAX or long > PHOTO_RATIO_MAX * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _pair(layout: str, content: bytes, offset: int) -> tuple[int, int]:
    width, height = struct.unpack_from(layout, content, offset)
    return int(width), int(height)


def _webp(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8 ":
            width, height = _pair("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int(struct.unpack_from("<I", content, 21)[0])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X" if len(content) >= 30:  # noqa: PLR2004 - the end of the extended header
            wide, high = content[24:27], content[27:30]
            return int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1
    return 0, 0


def _jpeg(content: bytes) -> tuple[int, int]:
    """Walk the segments of a JPEG up to its frame header (SOF0 to SOF15 without DHT, JPG, DAC)."""
    at = 2
    while at + 9 < len(content):
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004 - SOF
            height, width = _pair(">HH", content, at + 5)
            return width, height
        at += 2 + int(length)
    return 0, 0


def _named(kind: FileKind, upload: Upload, number: int) -> StoredFile:
    media_type = media_type_of(upload)
    digest = hashlib.sha256(upload.content).digest()
    ending = _ENDINGS.get(media_type) or mimetypes.guess_extension(media_type) or ""
    width, height = picture_size(upload.content)
    return StoredFile(
        file_id=_token(b"%s:%d:" % (kind.encode(), number) + digest[:20]),
        unique_id=_token(digest[:11]),
        kind=kind,
        path=f"{_FOLDERS[kind]}/file_{number}{ending}",
        file_name=upload.file_name,
        media_type=media_type,
        width=width,
        height=height,
        content=upload.content,
    )


def _token(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
