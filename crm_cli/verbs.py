"""The verbs that every noun has, made once: add, list, show, edit, delete, restore, tag, untag."""

# No `from __future__ import annotations`: the annotations of the verbs are made for each noun.

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crm_cli.completion import names_of
from crm_cli.options import command, split_settings
from crm_cli.run import Run
from language.errors import InvalidValue
from language.fields import NOUNS, Field
from language.tables import cell_text, fields_for

if TYPE_CHECKING:
    from storage.unit import UnitOfWork

TERMINAL_PAGE = 50
ALL_VERBS = ("add", "list", "show", "edit", "delete", "restore")
Extra = Callable[[Run, Any, int], None]


def fillable(noun: str, *skip: str) -> list[Field]:
    """Fields of a noun that a user may set, without some."""
    return [field for field in NOUNS[noun].fields if field.fill and field.name not in skip]


def add_verbs(
    app: typer.Typer,
    noun: str,
    verbs: Sequence[str] = ALL_VERBS,
    *,
    show_more: Extra | None = None,
) -> None:
    """Give an app the usual verbs of a noun. `show_more` prints below `show` on a terminal."""
    makers: dict[str, Callable[..., None]] = {
        "add": _add,
        "list": _list,
        "show": _show,
        "edit": _edit,
        "delete": _delete,
        "restore": _restore,
        "tag": _tag,
        "untag": _untag,
    }
    for verb in verbs:
        if verb == "show":
            _show(app, noun, show_more)
        else:
            makers[verb](app, noun)


def who(noun: str, *, many: bool = False, optional: bool = False) -> Any:
    """Annotation of the argument that names a record."""
    help_ = f"The {noun}: number, name or part of it" + (
        ", e-mail, phone" if noun == "contact" else ", domain" if noun == "company" else ""
    )
    kind: Any = list[str] if many else str
    if optional:
        kind = kind | None
    return Annotated[
        kind,
        typer.Argument(
            help=help_, autocompletion=names_of(noun), metavar="WHO..." if many else "WHO"
        ),
    ]


def _add(app: typer.Typer, noun: str) -> None:
    title = NOUNS[noun].title

    @command(app, "add", title=f"{noun} add", fields=fillable(noun, title))
    def add(
        run: Run,
        name: Annotated[str, typer.Argument(help=NOUNS[noun].title.capitalize(), metavar="NAME")],
        values: Mapping[str, Any],
        custom: Mapping[str, str],
    ) -> None:
        """Add one; prints its number when stdout is no terminal."""
        from operations import records

        filled = {**run.read(noun, {title: name, **values}), **custom}
        with run.writing() as uow:
            added = records.add(uow, noun, filled)
            sentence = uow.summary + understood(run, uow, noun, added.id, filled)
        run.finish(noun, added.id, sentence)


def understood(run: Run, uow: "UnitOfWork", noun: str, record_id: int, names: Iterable[str]) -> str:
    """What was made of the fields a user filled, in brackets; empty when there is nothing."""
    parts = facts_of(run, uow, noun, record_id, names)
    return f" ({', '.join(parts)})" if parts else ""


def facts_of(
    run: Run, uow: "UnitOfWork", noun: str, record_id: int, names: Iterable[str]
) -> list[str]:
    """What was made of the fields a user filled: amounts, dates, whom names meant."""
    from operations.custom_fields import fields_of
    from operations.lists import select_records

    shown = fields_for(NOUNS[noun], list(names), fields_of(uow, noun))
    told = [field for field in shown if field.name != NOUNS[noun].title and field.kind != "long"]
    if not told:
        return []
    record = select_records(uow, noun, [field.name for field in told], ids=[record_id])[0]
    return [
        f"{field.label.lower()} {cell_text(record[field.name], run.look, field)}" for field in told
    ]


def _list(app: typer.Typer, noun: str) -> None:
    @command(app, "list", title=f"{noun} list")
    def list_(
        run: Run,
        filter: Annotated[
            str | None, typer.Option("--filter", help='Such as "amount>10k and close<=+30d".')
        ] = None,
        sort: Annotated[str | None, typer.Option("--sort", help="Such as name,-amount.")] = None,
        limit: Annotated[int | None, typer.Option("--limit", help="How many; 0: all.")] = None,
        offset: Annotated[int, typer.Option("--offset", help="How many to pass over.")] = 0,
        fields: Annotated[
            str | None, typer.Option("--fields", help="Such as id,name,emails; all: every field.")
        ] = None,
    ) -> None:
        """List them: filtered, sorted, in any format."""
        show_list(run, noun, filter or "", sort or "", limit, offset, fields)


def show_list(
    run: Run,
    noun: str,
    filter_text: str = "",
    sort: str = "",
    limit: int | None = None,
    offset: int = 0,
    fields: str | None = None,
    empty: str = "",
) -> None:
    """Print a list of any noun; on a terminal the first page, unless --limit says otherwise.

    `empty` is said when there is nothing, instead of the usual sentence.
    """
    from operations.custom_fields import fields_of
    from operations.lists import Query, all_fields, count_records, list_records

    if (limit is not None and limit < 0) or offset < 0:
        raise InvalidValue("--limit and --offset cannot be negative")
    form = run.format
    page = limit if limit is not None else TERMINAL_PAGE if form == "table" else 0
    with run.reading() as uow:
        if fields == "all" or (fields is None and form in {"json", "ndjson"}):
            chosen = tuple(all_fields(uow, noun))
        elif form == "ids":
            chosen = ("id",)
        else:
            chosen = tuple(part.strip() for part in (fields or "").split(",") if part.strip())
        names = [_own_name(uow, noun, name) for name in chosen or NOUNS[noun].columns]
        query = Query(filter_text, sort, page or None, offset, tuple(names))
        records = list_records(uow, noun, query)
        total = count_records(uow, noun, filter_text) if page and len(records) == page else 0
        shown = fields_for(NOUNS[noun], names, fields_of(uow, noun))
    plural = NOUNS[noun].plural
    empty = empty or (
        f"no {plural} pass the filter"
        if filter_text
        else f"no {plural} yet. start with: crm {noun} add --help"
    )
    kept = bool(fields) and fields != "all"
    count = run.show_list(plural, shown, records, empty, kept=kept)
    if form == "table" and total > count + offset:
        run.warn(f"{count} of {total:,} {plural}; --limit 0 shows all")


def _own_name(uow: Any, noun: str, name: str) -> str:
    from operations.sources import binding_of

    return binding_of(uow, noun, name)[0]


def _show(app: typer.Typer, noun: str, more: Extra | None = None) -> None:
    @command(app, "show", title=f"{noun} show")
    def show(
        run: Run,
        who_: who(noun),  # type: ignore[valid-type]  # made for this noun
        fields: Annotated[
            str | None, typer.Option("--fields", help="Such as id,name,emails.")
        ] = None,
    ) -> None:
        """Show everything about one."""
        from operations.custom_fields import fields_of
        from operations.find import find
        from operations.lists import all_fields, get

        with run.reading() as uow:
            found = find(uow, noun, who_)
            chosen = [part.strip() for part in (fields or "").split(",") if part.strip()]
            names = [_own_name(uow, noun, name) for name in chosen] or all_fields(uow, noun)
            record = get(uow, noun, found.id, names)
            shown = fields_for(NOUNS[noun], names, fields_of(uow, noun))
            run.show_record(f"{noun} #{found.id} {found.label}", shown, record)
            if more is not None and run.format == "table" and not fields:
                more(run, uow, found.id)


def _edit(app: typer.Typer, noun: str) -> None:
    @command(app, "edit", title=f"{noun} edit", fields=fillable(noun))
    def edit(
        run: Run,
        values: Mapping[str, Any],
        custom: Mapping[str, str],
        who_: who(noun, optional=True) = None,  # type: ignore[valid-type]  # made for this noun
        filter: Annotated[
            str | None, typer.Option("--filter", help="Change all that pass, in one step.")
        ] = None,
        clear: Annotated[
            list[str] | None, typer.Option("--clear", help="Empty a field.", metavar="FIELD")
        ] = None,
        remove: Annotated[
            list[str] | None,
            typer.Option(
                "--remove", help="Take one value away: email=a@b.es.", metavar="FIELD=VALUE"
            ),
        ] = None,
        if_version: Annotated[
            int | None, typer.Option("--if-version", help="Only if nobody changed it since.")
        ] = None,
    ) -> None:
        """Change fields of one record, or with --filter of all that pass it."""
        filled = {**run.read(noun, values), **custom}
        taken = list(split_settings(remove or []).items())
        if not (filled or clear or taken):
            raise InvalidValue("nothing to change", f"see: crm {noun} edit --help")
        if (who_ is None) == (filter is None):
            raise InvalidValue(f"say which {noun}, or --filter", f"see: crm {noun} edit --help")
        if filter is not None:
            edit_many(run, noun, filter, filled, clear or (), taken)
        else:
            edit_one(run, noun, str(who_), filled, clear or (), taken, if_version)


def edit_one(
    run: Run,
    noun: str,
    text: str,
    filled: Mapping[str, object],
    clear: Sequence[str] = (),
    taken: Sequence[tuple[str, str]] = (),
    version: int | None = None,
) -> None:
    """Change one record and say each field's value before and after."""
    from operations import records
    from operations.custom_fields import fields_of
    from operations.find import find

    with run.writing() as uow:
        found = find(uow, noun, text)
        changed = records.edit(
            uow, noun, found.id, filled, clear=clear, remove=taken, version=version
        )
        known = {field.name: field for field in (*fields_of(uow, noun), *NOUNS[noun].fields)}
    look = run.look
    steps = [
        f"{known[name].label if name in known else name}:"
        f" {cell_text(before, look, known.get(name)) or '(empty)'}"
        f" → {cell_text(after, look, known.get(name)) or '(empty)'}"
        for name, (before, after) in changed.fields.items()
    ]
    sentence = f"edited {noun} #{changed.id} {changed.label}: {'; '.join(steps)}" if steps else ""
    run.finish(noun, changed.id, sentence)


def edit_many(
    run: Run,
    noun: str,
    filter_text: str,
    filled: Mapping[str, object],
    clear: Sequence[str] = (),
    taken: Sequence[tuple[str, str]] = (),
) -> None:
    """Change all records that pass a filter: count and sample first, one undo step."""
    from operations import records
    from operations.lists import Query, list_records, still_passing

    title = NOUNS[noun].title
    with run.reading() as uow:
        chosen = list_records(uow, noun, Query(filter_text, fields=("id", title)))
    plural = NOUNS[noun].plural
    if not chosen:
        run.warn(f"no {plural} pass the filter; nothing to change")
        return
    many = NOUNS[noun].counted(len(chosen))
    run.warn(f"{many}: {sample(chosen, title)}")
    if not run.ask(f"change {many}?"):
        run.warn("nothing was changed")
        return
    with run.writing() as uow:
        count = 0
        for number in still_passing(uow, noun, filter_text, chosen):
            changed = records.edit(uow, noun, number, filled, clear=clear, remove=taken)
            count += bool(changed.fields)
        uow.summary = f"edited {count:,} of {many}: {', '.join([*filled, *clear])}"
        sentence = uow.summary
    if run.database.last.changed:
        run.say(sentence)
    else:
        run.warn(f"nothing to change in {many}")


def sample(records: Iterable[Mapping[str, Any]], title: str, count: int = 3) -> str:
    """Name the first few of many records."""
    listed = list(records)
    names = ", ".join(f"#{record['id']} {record[title]}" for record in listed[:count])
    return names + (f" and {len(listed) - count} more" if len(listed) > count else "")


def _delete(app: typer.Typer, noun: str) -> None:
    @command(app, "delete", title=f"{noun} delete")
    def delete(
        run: Run,
        who_: who(noun, many=True, optional=True) = None,  # type: ignore[valid-type]  # for this noun
        filter: Annotated[
            str | None, typer.Option("--filter", help="Delete all that pass, in one step.")
        ] = None,
    ) -> None:
        """Move to the trash; restore or undo brings it back with all its links."""
        from operations import records
        from operations.find import find_all
        from operations.lists import Query, list_records, still_passing

        if bool(who_) == (filter is not None):
            raise InvalidValue(f"say which {noun}, or --filter", f"see: crm {noun} delete --help")
        if filter is not None:
            title = NOUNS[noun].title
            with run.reading() as uow:
                chosen = list_records(uow, noun, Query(filter, fields=("id", title)))
            if not chosen:
                run.warn(f"no {NOUNS[noun].plural} pass the filter; nothing to delete")
                return
            many = NOUNS[noun].counted(len(chosen))
            run.warn(f"{many}: {sample(chosen, title)}")
            if not run.ask(f"delete {many}?"):
                run.warn("nothing was changed")
                return
        with run.writing() as uow:
            if filter is not None:
                numbers = still_passing(uow, noun, filter, chosen)
            else:
                numbers = [ref.id for ref in find_all(uow, noun, who_ or [])]
            if numbers:
                records.delete(uow, noun, numbers)
            sentence = uow.summary or "nothing passes the filter any more; nothing was changed"
        run.say(sentence)


def _restore(app: typer.Typer, noun: str) -> None:
    @command(app, "restore", title=f"{noun} restore")
    def restore(run: Run, who_: who(noun, many=True)) -> None:  # type: ignore[valid-type]  # for this noun
        """Take out of the trash, with all links."""
        from operations import records
        from operations.find import find_all

        with run.writing() as uow:
            found = find_all(uow, noun, who_, trashed=True)
            records.restore(uow, noun, [ref.id for ref in found])
            sentence = uow.summary
        run.finish(noun, found[0].id, sentence)


def _tag(app: typer.Typer, noun: str) -> None:
    @command(app, "tag", title=f"{noun} tag")
    def tag(
        run: Run,
        who_: who(noun),  # type: ignore[valid-type]  # made for this noun
        tags: Annotated[list[str], typer.Argument(help="Words.", autocompletion=names_of("tag"))],
    ) -> None:
        """Put tags on one."""
        edit_one(run, noun, who_, run.read(noun, {"tags": tags}))


def _untag(app: typer.Typer, noun: str) -> None:
    @command(app, "untag", title=f"{noun} untag")
    def untag(
        run: Run,
        who_: who(noun),  # type: ignore[valid-type]  # made for this noun
        tags: Annotated[list[str], typer.Argument(help="Words.", autocompletion=names_of("tag"))],
    ) -> None:
        """Take tags away."""
        from language.reading import split_words

        edit_one(run, noun, who_, {}, taken=[("tags", word) for word in split_words(tags)])
