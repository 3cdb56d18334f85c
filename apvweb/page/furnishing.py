"""Which page who gets: who may change things that with everything on it, who looks on a view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servermanager import Session

from .content import PageContent
from .viewer import ViewerContent

if TYPE_CHECKING:
    from ..pages import Content, Page, Pages


async def furnished(pages: Pages, page: Page, session: Session, files: Sequence[str]) -> Content:
    """Furnish a page; of a session of its own with these files open."""
    if session.role == "viewer":
        return ViewerContent.make(pages, page, session)
    return await PageContent.make(pages, page, session, files if page.is_first else ())
