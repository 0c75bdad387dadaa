"""The crawler's commands: crawl, parse, diff, and sites check and draft."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extractor.crawl.parsing import Result

sites_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="See what the crawler understands of a site; draft its profile.",
    epilog="Example: extractor sites check https://example.gov.vn",
)  # fmt: skip

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the archive.")]
Bundle = Annotated[
    Path | None,
    typer.Option(
        "--ca-bundle",
        metavar="FILE",
        help="Certificates to trust, for a site whose chain is broken.",
        show_default=False,
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="NAME", help="Use this profile from rules/sites/, whatever the host.", show_default=False
    ),
]
Pause = Annotated[
    float, typer.Option("--pause", min=0, metavar="SECONDS", help="Seconds between two requests to one host.")
]
Contact = Annotated[
    str | None,
    typer.Option(
        "--contact",
        metavar="ADDRESS",
        help="Your address or page, named to the sites in the User-Agent.",
        show_default=False,
    ),
]
DATA = Path("data")
NOTHING_NEW = 4


def mount(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command(name="crawl", epilog="Example: extractor crawl https://example.gov.vn --data data --pause 2")(crawl)
    app.command(name="parse", epilog="Example: extractor parse --again --data data")(parse)
    app.command(name="diff", epilog="Example: extractor diff 3f2a9c1b --data data")(diff)
    app.add_typer(sites_app, name="sites")


def crawl(
    sites: Annotated[list[str], typer.Argument(metavar="SITE...", help="Addresses of sites, or names of profiles in rules/sites/.")],
    data: Data = DATA,
    pause: Pause = 1.0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Fetch at most N pages of each site; the next run goes on.", show_default=False)] = None,
    recheck: Annotated[bool, typer.Option("--recheck", help="Ask again for every known page.")] = False,
    contact: Contact = None,
    ca_bundle: Bundle = None,
    profile: ProfileName = None,
) -> None:  # fmt: skip
    """Crawl sites into the archive, parsing what is fetched; go on where a run was broken off.

    Exit codes: 0 something new was stored, 4 nothing new, 1 failed, 3 another run writes to this archive.
    """
    code = _crawl(
        sites, data, pause, contact, ca_bundle, limit=limit, recheck=recheck, profile=profile, tell=typer.echo
    )
    raise typer.Exit(code)


def crawl_inputs(
    inputs: list[str], data: Path, pause: float, contact: str | None, ca_bundle: Path | None
) -> tuple[list[str], int]:
    """Crawl those of a run's inputs that are sites.

    Returns:
        The other inputs, and the crawl's exit code (0 where there was none).
    """
    if not any(i.startswith(("http://", "https://")) or ("/" not in i and "." not in i and i != "-") for i in inputs):
        return inputs, 0
    from extractor import crawling

    sites = [i for i in inputs if crawling.is_site(i) and not Path(i).exists()]
    code = _crawl(sites, data, pause, contact, ca_bundle) if sites else 0
    return [i for i in inputs if i not in sites], code


def _show_progress(result: "Result | None") -> None:
    """One line that is written over after each request, on a terminal only; None wipes it."""
    if sys.stderr.isatty():
        line = f"{result.site}: {result.fetched} pages, {result.articles} articles" if result else ""
        sys.stderr.write(f"\r\x1b[2K{line[:100]}")
        sys.stderr.flush()


def _crawl(
    sites: list[str],
    data: Path,
    pause: float,
    contact: str | None,
    ca_bundle: Path | None,
    *,
    limit: int | None = None,
    recheck: bool = False,
    profile: str | None = None,
    tell: Callable[[str], None] | None = None,
) -> int:
    """Crawl, say what came of each site, and give the exit code."""
    from extractor import crawling
    from extractor.crawl.crawler import Options
    from extractor.crawl.fetch import CONTACT
    from extractor.terminal import say

    options = Options(pause=pause, limit=limit, recheck=recheck)
    asking = crawling.Asking(ca_bundle=ca_bundle, contact=contact or CONTACT, profile=profile)
    # A run's standard output is its summary; what its crawl did goes beside it.
    tell = tell or say
    results = crawling.crawl_sites(sites, data, options=options, asking=asking, report=say, progress=_show_progress)
    _show_progress(None)
    for result in results:
        if result.away is not None:
            say(result.away)
            continue
        parts = [
            f"{result.fetched} pages fetched", f"{result.unchanged} unchanged", f"{result.articles} new articles", f"{result.revised} revised",
            f"{result.gone} gone", f"{result.failed} failed",
        ]  # fmt: skip
        more = "" if result.complete else "; not finished, run again to go on"
        tell(f"{result.site}: {', '.join(parts)}{more}")
    return crawling.exit_code(results)


def parse(
    data: Data = DATA,
    again: Annotated[bool, typer.Option("--again", help="Parse every stored page again, without the network.")] = False,
    profile: ProfileName = None,
) -> None:
    """Parse the stored pages again, after a profile or the parser changed; what changes becomes a new revision."""
    from extractor import crawling
    from extractor.terminal import say

    if not again:
        say("pages are parsed when they are crawled; give --again to parse the stored ones once more")
        raise typer.Exit(2)
    for site, result in crawling.parse_pages(data, crawling.Asking(profile=profile)).items():
        typer.echo(f"{site}: {result.fetched} pages parsed, {result.articles} new articles, {result.revised} revised")


def diff(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An article_id, its beginning, or an address.")],
    data: Data = DATA,
    since: Annotated[
        int | None, typer.Option("--from", metavar="N", help="The revision to start from.", show_default=False)
    ] = None,
    until: Annotated[
        int | None, typer.Option("--to", metavar="N", help="The revision to end with.", show_default=False)
    ] = None,
) -> None:
    """Show what changed in an article between two of its revisions."""
    from extractor import crawling

    for line in crawling.diff(data, article, since=since, until=until):
        typer.echo(line)


@sites_app.command(epilog="Example: extractor sites check https://example.gov.vn/tin-tuc/bai-viet-12.html")
def check(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site's or a page's address, or a profile's name.")],
    profile: ProfileName = None,
    ca_bundle: Bundle = None,
) -> None:
    """Show what is understood of a site and of one page."""
    from extractor import crawling

    for line in crawling.check_site(url, crawling.Asking(ca_bundle=ca_bundle, profile=profile)):
        typer.echo(line)


@sites_app.command(epilog="Example: extractor sites draft https://example.gov.vn > rules/sites/example.yml")
def draft(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's address.")],
    ca_bundle: Bundle = None,
) -> None:
    """Write a first profile by comparing a few pages."""
    from extractor import crawling

    typer.echo(crawling.draft_site(url, crawling.Asking(ca_bundle=ca_bundle)), nl=False)
