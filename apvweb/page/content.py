"""What is on a page: a workspace for its session, and the sections that show it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from servermanager import Panel, RenderViewProxy, Session, ViewProxy, Workspace
from servermanager.ui.keeping import Keeper, load_state, views_in
from servermanager.ui.new_views import new_view
from servermanager.ui.pointing.happenings import Picked, Selected
from services_core import ServicesError

from ..parts.publishing import Publisher
from .bottom import Bottom
from .files import STATES, Files
from .menus import Menus
from .section import Section
from .sharing import Sharing
from .shell import lay_out
from .sidebar import Sidebar
from .stage import MOST_VIEWS, USUAL_SIZE, Stage
from .times import Times
from .toolbar import Toolbar

if TYPE_CHECKING:
    from ..pages import Page, Pages

FIRST: Final[dict[str, Any]] = {
    "drawer": True,
    "system_dark": False,
    "dark": None,  # as the system of its user is set
    "active": 0,
    "error": None,
    "error_open": False,
    "busy": {"what": "", "executing": False},
    "steps": {"undo": "", "redo": ""},
    "connection": {"ok": True, "text": ""},
    "mode": {"now": "camera", "all": ["camera"]},
    "handles": None,
    "axes": None,
}
"""What pages are told by names of the page, before anything has happened."""


class PageContent:
    """The content of one page, for who may change things. Belongs to the loop."""

    def __init__(self, pages: Pages, page: Page, session: Session) -> None:
        self.pages = pages
        self.page = page
        self.session = session
        self.trame: Any = page.server.trame
        self._publisher = Publisher.of(self.trame)
        for name, value in FIRST.items():
            self._publisher.begin(f"apv_{name}", value)
        self.work = Workspace(session)
        self._keeper = Keeper(session, page.keep)
        self._end_keeping = self.work.watch(self._keeper.changed)
        self.files = Files(self)
        self.menus = Menus(self)
        self.sharing = Sharing(self)
        self.stage = Stage(self, may_change=True)
        self.bottom = Bottom(self)
        self.times = Times(self)
        self.sidebar = Sidebar(self)
        self.toolbar = Toolbar(self)
        self._sections: tuple[Section, ...] = (
            self.toolbar,
            self.sidebar,
            self.times,
            self.bottom,
            self.stage,
            self.sharing,
            self.menus,
            self.files,
        )

    @classmethod
    async def make(cls, pages: Pages, page: Page, session: Session, files: Sequence[str]) -> PageContent:
        """Furnish a page, with these files open; what cannot be opened is told on the page."""
        pages.sockets.share(page.server.trame)
        content = cls(pages, page, session)
        if page.kept is not None and page.is_first:  # who has joined finds it there
            await content.restore(page.kept)
            lay_out(content)
            return content
        content.show_views(content.views_again() or [content.first_view()])
        if files and "://" not in files[0]:
            content.files.begin_at(str(Path(files[0]).parent))
        for one in files:
            if Path(one).suffix.lower() in STATES:
                content.work.load_state(one)
            else:
                content.work.open(one)
        lay_out(content)
        return content

    async def close(self) -> None:
        """End it, with its views."""
        self._keeper.close()
        self._end_keeping()
        for section in self._sections:
            section.close()
        await self.work.close()

    async def restore(self, state: bytes) -> None:
        """Have again what was in a session that was lost; what cannot be is told on the page."""
        before = self.session.all_views()
        try:
            await load_state(self.session, state)
        except (ServicesError, ValueError, OSError) as error:
            self.refused("restore the session", str(error))
        made = [view for view in self.session.all_views() if view not in before]
        self.page.renewed = dict(zip(views_in(state), (view.id for view in made), strict=False))
        self.show_views(self.views_again() or made[:MOST_VIEWS] or [self.first_view()])
        sources = self.session.proxies.sources()
        if sources:
            self.session.proxies.active.set_source(sources[-1])

    def views_again(self) -> list[ViewProxy]:
        """Return the views that were on the page before its session was lost; those of others are on their pages."""
        there = {view.id: view for view in self.session.all_views()}
        return [there[one] for one in self.pages.views_again(self.page) if one in there]

    def show_views(self, views: Sequence[ViewProxy]) -> None:
        """Show views beside each other; the first becomes the active one."""
        for view in views:
            self.stage.show(view)
        self.session.proxies.active.set_view(views[0])

    def first_view(self) -> ViewProxy:
        """Make a view; who has joined a session gets one that shows what the newest view there does."""
        others = [view for view in self.session.all_views() if isinstance(view, RenderViewProxy)]
        with self.session.undo.paused():  # a page is never without a view
            made = new_view(self.session.scene, ViewSize=list(USUAL_SIZE))
            for shown in self.session.all_representations():
                if others and shown.view is others[-1]:
                    self.session.show(shown.source, made, **shown.set_values())
        return made

    # --- what sections need of each other

    def moved(self) -> None:
        """Note that the camera of a view is moved."""
        self._keeper.changed()

    def told(self, name: str, value: Any) -> None:
        """Have pages told a value by a name of the page."""
        self._publisher.put(f"apv_{name}", value)

    def refused(self, what: str, why: str) -> None:
        """Note what could not be done, and why."""
        self.work.log.add("error", why, action=what)

    def browse(self, panel: Panel, name: str) -> None:
        """Have a file looked for that a property is to name."""
        self.files.browse(panel, name)

    def found(self, happening: Picked | Selected) -> None:
        """Show what a click, or a rectangle, has found."""
        self.bottom.found(happening)
