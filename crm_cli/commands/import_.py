"""Bring records in from files: all of it or nothing, and one step to undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.options import command, new_app
from crm_cli.run import Run

if TYPE_CHECKING:
    from crm_cli.import_files import Files
    from operations.import_drafts import Choices
    from operations.import_told import Imported

app = new_app("Bring records in from a file.")
PARTLY = 6
ASK_FROM = 50
"""An import of more rows than this is rehearsed and asked for first, on a terminal."""


@command(app, "import")
def import_(
    run: Run,
    words_: Annotated[
        list[str],
        typer.Argument(
            help="contacts, companies, deals, activities, tasks, products, users or all; then"
            " files: csv, xlsx, json, vcf…, or - for stdin.",
            metavar="NOUN FILE...",
            show_default=False,
        ),
    ],
    detect: Annotated[
        bool, typer.Option("--detect", help="Only say what the files are, and why.")
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help='What a column holds: --map "Cliente=company". Repeat.'),
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option("--alias", help='Another name: --alias "GTXPro=GTX Pro". Repeat.'),
    ] = None,
    stage_map: Annotated[
        list[str] | None,
        typer.Option("--stage-map", help='A stage of the file: --stage-map "Engaging=Demo".'),
    ] = None,
    create: Annotated[
        str | None,
        typer.Option(
            "--create",
            help="What rows name and is made: fields,stages,products,users,pipelines; companies"
            " and contacts are, unless none.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="A kept mapping, or the program they are from.")
    ] = None,
    save_profile: Annotated[
        str | None, typer.Option("--save-profile", help="Keep this mapping under a name.")
    ] = None,
    on_match: Annotated[
        list[str] | None,
        typer.Option(
            "--on-match",
            help="Where a record exists: update, fill, skip or duplicate; for some fields:"
            ' "phones,note=fill". Repeat.',
        ),
    ] = None,
    pipeline: Annotated[str | None, typer.Option("--pipeline", help="Pipeline of deals.")] = None,
    owner: Annotated[
        str | None,
        typer.Option(
            "--owner",
            help="Owner of new records that name none; round-robin, or eva,luis: in turn.",
        ),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Tag for all. Repeat.")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="Of amounts that name none, such as EUR.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The program the external ids come from.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="One unreadable value refuses the whole file.")
    ] = False,
    reject_file: Annotated[
        str | None,
        typer.Option(
            "--reject-file",
            help="Where rows with a problem go (csv or xlsx); beside the file by default; none.",
            metavar="FILE",
        ),
    ] = None,
    explain: Annotated[
        list[int] | None,
        typer.Option("--explain", help="Say how the row on this line was matched.", metavar="LINE"),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of a workbook, by name or number.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of a text file, such as cp1250.")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="What parts the columns of a text file.")
    ] = None,
) -> None:
    """Bring records in from CSV, Excel, JSON and vCard files.

    Headers are matched in English and Spanish. Records that exist are updated, none is doubled; a
    value that cannot be read is kept as a flag. Try it first with --dry-run; undo takes it back.
    """
    from crm_cli import import_choices, import_files, import_says
    from crm_cli.import_rejects import check_rejects

    options = import_files.Options(
        tuple(map_ or ()), profile or "", sheet or "", encoding or "", delimiter or ""
    )
    if detect:
        import_files.detect(run, words_, options)
        return
    noun, names = import_choices.split_words(words_)
    if noun == "all":
        from crm_cli.everything import import_all

        run.name = "import all"
        import_all(run, import_choices.the_only(names))
        return
    run.name = f"import {import_choices.plural(noun)}"
    choices = import_choices.choices_of(
        run, aliases=alias or (), stages=stage_map or (), create=create, on_match=on_match or (),
        pipeline=pipeline or "", owner=owner or "", tags=tag or (), currency=currency,
        source=source or "", strict=strict, explain=explain or (),
        kind=import_choices.kind_of(words_[0]),
    )  # fmt: skip
    files = import_files.open_files(run, noun, names, options, choices, fields=_makes(create))
    check_rejects(reject_file)
    if save_profile and run.dry_run:
        run.warn("the mapping is kept when the import is for real")
    elif save_profile:
        run.say(f"kept the mapping: {files.save_profile(save_profile, choices.source)}")
    told: set[tuple[str, str]] = set()
    if _must_ask(run, files):
        import_says.tell_rehearsal(run, _apply(run, files, choices, told, rehearse=True), told)
        if not run.ask(f"Import {files.count:,} rows?"):
            run.warn("nothing was imported")
            return
    done = _apply(run, files, choices, told, rehearse=False)
    import_says.tell(run, done, told)
    written = files.write_rejects(done, reject_file)
    for path, count in written:
        rows = "1 row" if count == 1 else f"{count:,} rows"
        run.warn(f"{rows} with a problem, ready to fix and import again: {path}")
    if any(part.rejected for part in done):
        raise typer.Exit(PARTLY)


def _makes(create: str | None) -> bool:
    from crm_cli.import_choices import makes_fields

    return makes_fields(create)


def _must_ask(run: Run, files: Files) -> bool:
    asks = run.can_ask and not run.dry_run and not run.options.get("yes")
    return asks and files.count > ASK_FROM


def _apply(
    run: Run, files: Files, choices: Choices, told: set[tuple[str, str]], *, rehearse: bool
) -> list[Imported]:
    """Import every file in one transaction; a rehearsal is the same, rolled back.

    `told`: what has been said of which file, and need not be said again.
    """
    from dataclasses import replace

    from crm_cli import import_says
    from crm_cli.import_progress import shown
    from operations import imports

    detail = rehearse or run.dry_run
    done: list[Imported] = []
    options: dict[str, Any] = {**run.options, "dry_run": True} if rehearse else dict(run.options)
    before, run.options = run.options, options
    try:
        with shown(run) as progress, run.writing() as uow:
            for number in range(len(files)):
                chosen = replace(
                    choices,
                    detail=detail,
                    progress=progress,
                    source=choices.source or files.source(number),
                )
                batch = files.batch(number)
                # Said before anything is written, so that a refusal is understood too.
                import_says.tell_notes(run, batch.main.name, batch.notes, told, many=len(files) > 1)
                done.append(imports.apply(uow, batch, chosen))
            if len(done) > 1:
                created, updated = (
                    sum(getattr(part, name) for part in done) for name in ("created", "updated")
                )
                uow.summary = (
                    f"{run.name.replace('import', 'imported')} from {len(done)} files:"
                    f" {created:,} created, {updated:,} updated"
                )
    finally:
        run.options = before
    return done
