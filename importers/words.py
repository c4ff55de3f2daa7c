"""More words that headings of files use for a field, in English and Spanish.

Files only: as aliases of `language.fields` they would be words of filters and options too, and no
team could call a field of its own Budget or Role. A team's own field comes before them.
"""

from __future__ import annotations

MORE: dict[tuple[str, str], str] = {
    ("", "tags"): "labels, label, categories, categorias, categoria",
    ("", "note"): (
        "observaciones, observacion, remarks, comment, comentario, internal notes, notas "
        "internas, memo, summary, resumen"
    ),
    ("", "owner"): (
        "assigned user, account manager, account executive, record owner, sales owner, "
        "sales representative, sales person, owner full name, gestor, asesor, ejecutivo, "
        "ejecutivo de cuenta, comercial asignado, asignado a, representante"
    ),
    ("", "source"): (
        "referral source, origin, procedencia, como nos conocio, origen del lead, fuente "
        "del lead, canal de captacion"
    ),
    ("", "external_id"): (
        "legacy id, old id, original id, customer id, customer number, customer no, "
        "client id, client number, codigo de cliente, codigo cliente, numero de cliente, "
        "no cliente, id cliente"
    ),
    ("", "company"): (
        "employer, firm, business, business name, client, client name, customer, customer "
        "name, organization name, organisation name, razon social, nombre de la empresa, "
        "nombre de empresa, nombre empresa, nombre comercial, sociedad, entidad"
    ),
    ("contact", "name"): (
        "fullname, contact person, person, person name, display name, nombre del "
        "contacto, nombre de contacto, nombre contacto, persona de contacto, persona, "
        "nombre apellidos, apellidos y nombre, apellidos nombre"
    ),
    (
        "contact",
        "given_name",
    ): "firstname, forename, forenames, christian name, given names, fname, nombres",
    ("contact", "family_name"): "lastname, surnames, lname, family names",
    ("contact", "job_title"): (
        "jobtitle, job role, role, occupation, designation, profession, puesto de "
        "trabajo, cargo puesto, rol, funcion, profesion, ocupacion"
    ),
    ("contact", "birthday"): "birthdate, dob, bday, nacimiento, fecha nacimiento, f nacimiento",
    ("company", "name"): (
        "firm, business, business name, client, client name, customer, customer name, "
        "trading name, legal name, organization name, organisation, organisation name, "
        "nombre comercial, denominacion, denominacion social, sociedad, compania, "
        "organizacion, cliente, nombre de la empresa, nombre de empresa, nombre empresa, "
        "entidad"
    ),
    ("company", "domains"): "homepage, website url, company website, company domain, www",
    (
        "company",
        "industry",
    ): "line of business, vertical, sector de actividad, business type, ramo, rubro",
    ("company", "size"): (
        "staff, no of employees, number employees, employee count, company size, no "
        "empleados, n empleados, num empleados, numero empleados, trabajadores, numero de "
        "trabajadores, no de empleados, no trabajadores"
    ),
    ("company", "revenue"): (
        "annual sales, annual turnover, yearly revenue, yearly sales, facturacion anual, "
        "ventas anuales, ingresos anuales, volumen de negocio, cifra de negocio, cifra de "
        "negocios"
    ),
    ("company", "founded"): (
        "founded year, year of foundation, established in, ano fundacion, ano de "
        "creacion, fundacion, ano de constitucion"
    ),
    ("user", "email"): "email address, correo electronico",
    ("user", "team"): "department, departamento, sales team",
    ("product", "name"): "item, item name, nombre del producto, nombre del articulo",
    ("product", "code"): (
        "item code, item number, part number, part no, product id, article number, codigo "
        "de producto, codigo articulo, codigo de articulo, ref"
    ),
    ("product", "family"): "product family, product category, product line",
    ("product", "price"): "rate, retail price, tarifa, precio unitario, importe",
    ("product", "unit"): "uom, unit of measure, unidad de medida",
    ("deal", "title"): (
        "subject, deal title, opportunity title, project, project name, proyecto, nombre "
        "de la oportunidad, nombre oportunidad, nombre del negocio, asunto, concepto"
    ),
    ("deal", "contacts"): (
        "contact person, primary contact, main contact, persona de contacto, nombre del "
        "contacto, nombre contacto, contacto principal"
    ),
    (
        "deal",
        "stage",
    ): "pipeline stage, stage name, phase, sales phase, etapa de venta, fase de venta",
    ("deal", "amount"): (
        "total, total amount, opportunity amount, opportunity value, estimated value, "
        "deal size, budget, presupuesto, importe total, importe estimado, valor estimado, "
        "monto, valor del negocio"
    ),
    (
        "deal",
        "probability",
    ): "win probability, probability of winning, likelihood, probabilidad de cierre",
    ("deal", "expected_close"): (
        "expected closing, expected closing date, forecast close date, estimated close "
        "date, est close date, projected close date, target close date, fecha prevista de "
        "cierre, fecha de cierre prevista, fecha cierre prevista, fecha estimada de "
        "cierre, fecha estimada cierre, cierre estimado"
    ),
    ("deal", "opened_at"): (
        "date opened, start date, date created, create date, creation date, created on, "
        "fecha de inicio, fecha inicio, fecha de creacion, fecha creacion, fecha de alta, "
        "fecha alta"
    ),
    ("deal", "closed_at"): "actual close date, date closed, closing date, won date, fecha cierre",
    ("deal", "lost_reason"): (
        "closed lost reason, reason for loss, motivo perdida, motivo de la perdida, razon "
        "de perdida"
    ),
    ("activity", "kind"): "activity type, tipo de actividad",
    ("activity", "at"): (
        "activity date, date and time, date time, start, start date, start time, fecha y "
        "hora, fecha de la actividad, fecha actividad"
    ),
    ("activity", "subject"): "title, titulo, topic, tema",
    ("activity", "outcome"): "disposition, call result",
    ("activity", "minutes"): "duration minutes, duration min, duracion minutos, duracion min, mins",
    ("activity", "contacts"): (
        "contact name, contact person, contacts, attendees, participants, asistentes, "
        "participantes, person, persona"
    ),
    ("activity", "owner"): (
        "owner, owner name, assigned to, asignado a, responsable, rep, sales rep, logged "
        "by, realizado por"
    ),
    ("task", "title"): "task name, task title, to do, action, accion, asunto, nombre de la tarea",
    (
        "task",
        "due",
    ): "deadline, due by, fecha limite, fecha de vencimiento, fecha vencimiento, plazo",
    ("task", "owner"): "owner name, assigned user, asignado a",
    ("task", "contact"): "contact name, contact person, person, persona de contacto",
}
"""(noun, field) → words, parted by commas; without a noun, of every noun that has the field."""
