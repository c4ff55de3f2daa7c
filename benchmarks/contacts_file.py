"""Write a CSV of invented contacts, always the same: for benchmarks and for trying things out.

    python benchmarks/contacts_file.py PATH [--contacts 100000]

As in life: names with accents, some written in capitals; telephones of three countries in many
forms, one in a hundred wrong; a company for about eight people; and one row in a hundred is
somebody who is in the file already, written differently.
"""

from __future__ import annotations

import argparse
import csv
import random
import unicodedata
from collections import deque
from collections.abc import Iterator
from pathlib import Path

HEADERS = (
    "First name", "Last name", "Email", "Phone", "Company", "Job title", "City", "Tags", "Notes",
)  # fmt: skip


def _words(text: str, mark: str | None = None) -> list[str]:
    return text.replace("\n", " ").strip().split(mark)


GIVEN = _words("""
Ana María Carmen Lucía Marta Elena Isabel Laura Cristina Pilar Dolores Teresa Rosa Beatriz Silvia
Raquel Patricia Mónica Sara Paula Irene Nuria Julia Alba Rocío Inés Claudia Alicia Eva Natalia
Ángela Verónica Sandra Lorena Noelia Yolanda Esther Míriam Aitana Núria Montserrat Begoña Itziar
Ainhoa Nerea Uxía Sabela Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús
Alejandro Miguel Rafael Pedro Pablo Ángel Sergio Fernando Luis Jorge Alberto Álvaro Adrián Diego
Raúl Iván Rubén Enrique Óscar Ramón Vicente Andrés Joaquín Santiago Víctor Roberto Mario Jaime
Ignacio Marcos Hugo Gonzalo Guillermo Martín Nicolás Jordi Xavier Oriol Iñaki Unai Xoán Brais
James John Robert Michael William Richard Thomas Charles Daniel Matthew Mary Jennifer Linda
Elizabeth Susan Jessica Sarah Karen Emma Olivia Grace Oliver George Harry Jack Zoë Siân Renée
Jürgen Björn Søren François Chloë Amélie Giulia Matteo Łukasz Zofia Aisha Omar Fatima Wei Yuki
""")
FAMILY = _words("""
García Fernández González Rodríguez López Martínez Sánchez Pérez Martín Gómez Ruiz Hernández
Jiménez Díaz Álvarez Moreno Muñoz Alonso Gutiérrez Romero Navarro Torres Domínguez Gil Vázquez
Serrano Ramos Blanco Sanz Castro Suárez Ortega Rubio Molina Delgado Ramírez Morales Ortiz Marín
Iglesias Santos Castillo Garrido Calvo Peña Cruz Cano Núñez Prieto Díez Lozano Vidal Pascual
Ferrer Medina Vega León Herrero Vicente Méndez Guerrero Fuentes Campos Nieto Cortés Caballero
Ibáñez Lorenzo Pastor Giménez Saez Soler Marqués Carrasco Herrera Montero Arias Crespo Flores
Andrés Aguilar Hidalgo Cabrera Mora Duran Velasco Rey Pardo Roldán Vila Bravo Merino Moya Soto
Izquierdo Reyes Redondo Marcos Carmona Menéndez Puig Bosch Roca Ferré Pujol Serra Batlle Casals
Etxeberria Agirre Mendizabal Goikoetxea Arrieta Ibarra Zubiri Otero Varela Rivas Lago Seoane
Figueroa Quintana Beltrán Bermúdez Bernal Cuesta Escudero Espinosa Esteban Franco Gallardo Galán
Lara Luque Macías Manzano Mateo Millán Miranda Montes Ochoa Palacios Paredes Plaza Ponce Ríos
Robles Rojas Salas Salazar Santana Segura Sierra Trujillo Valencia Valero Villar Zamora
Smith Jones Taylor Brown Williams Wilson Johnson Davies Evans Roberts Walker Wright Thompson White
Hughes Edwards Green Hall Wood Harris Clarke Patel Khan Lewis Morgan O'Brien O'Connor MacDonald
Müller Schröder Weiß Dubois Lefèvre Rossi Bianchi Silva Gonçalves Kowalski Nowak Novák Nguyen Kim
""")
KINDS = _words("""
Talleres Grupo Transportes Construcciones Hotel Clínica Bodegas Farmacia Editorial Panadería
Reformas Muebles Instalaciones Consultoría Logística Imprenta Viveros Conservas Asesoría Academia
Electricidad Óptica Gestoría Maquinaria Textiles Cerámicas Ferretería Librería Autocares Química
Studio Partners Foods Systems Media Labs Energy Capital Motors Design
""")
PLACES = _words("""
Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Palma Bilbao Alicante Córdoba Valladolid
Vigo Gijón Granada Vitoria Elche Oviedo Badajoz Cartagena Jerez Pamplona Almería Donostia Burgos
Santander Castellón Albacete Logroño Salamanca Huelva Lleida Tarragona León Cádiz Jaén Ourense
Girona Lugo Cáceres
""")
FORMS = ("SL", "S.L.", "SA", "S.A.", "SLU", "Ltd", "GmbH", "")
TITLES = [
    title.strip()
    for title in _words(
        """
CEO;CTO;CFO;Director general;Directora comercial;Jefe de compras;Responsable de marketing;Gerente;
Administrativa;Técnico de ventas;Sales manager;Account executive;Purchasing manager;IT manager;
Head of people;Ingeniero de proyectos;Arquitecta;Consultor;Office manager;Owner;Socia fundadora;
Operations director;Product manager;Desarrollador;Analista;Abogada;Médico;Profesor;Recepcionista
""",
        ";",
    )
]
TAGS = _words("""
vip client lead partner press supplier investor newsletter event-2023 event-2024 event-2025 webinar
trial churned hot cold retail hotel health food build transport energy legal media school public
export norte sur centro levante galicia euskadi catalunya canarias madrid-sur portugal uk usa
""")
WORDS = _words("""
asked about seats and training wants a demo next quarter price too high compared with the other
offer renewal in march met at the fair likes short mails prefers calls in the morning pendiente de
presupuesto enviado volver a llamar en septiembre interesado en el plan anual
""")
FREE = ("gmail.com", "hotmail.com", "yahoo.es", "outlook.com", "icloud.com")
TWINS = 0.01
Row = list[str]


def contacts(count: int, seed: int = 3) -> Iterator[Row]:
    """Rows of a file of contacts, in the order of `HEADERS`."""
    chance = random.Random(seed)
    firms = _companies(chance, count // 8 + 1)
    seen: deque[Row] = deque(maxlen=5_000)
    for number in range(count):
        if seen and chance.random() < TWINS:
            yield _twin(chance, chance.choice(seen))
            continue
        row = _contact(chance, number, firms)
        seen.append(row)
        yield row


def write(path: Path, count: int) -> None:
    """Write the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows(contacts(count))


def _companies(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Names that differ by more than their legal form, each with an internet domain."""
    made: list[tuple[str, str]] = []
    for number in chance.sample(range(len(KINDS) * len(FAMILY) * len(PLACES)), count):
        rest, kind = divmod(number, len(KINDS))
        place, family = divmod(rest, len(FAMILY))
        name = f"{KINDS[kind]} {FAMILY[family]} {PLACES[place]} {chance.choice(FORMS)}".strip()
        made.append((name, f"{_plain(KINDS[kind] + FAMILY[family] + PLACES[place])}.example"))
    return made


def _contact(chance: random.Random, number: int, firms: list[tuple[str, str]]) -> Row:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    if chance.random() < 0.75:
        family += f" {chance.choice(FAMILY)}"
    company, domain = chance.choice(firms)
    if chance.random() < 0.04:
        company, domain = "", chance.choice(FREE)
    elif chance.random() < 0.25:
        domain = chance.choice(FREE)
    dots = _plain(given), _plain(family.split()[0]), str(number) if domain in FREE else ""
    email = f"{'.'.join(filter(None, dots))}@{domain}" if chance.random() < 0.94 else ""
    if email and domain not in FREE and chance.random() < 0.5:
        email = f"{dots[0][:1]}{dots[1]}{number}@{domain}"
    if chance.random() < 0.03:
        given, family = given.upper(), family.upper()
    note = " ".join(chance.choices(WORDS, k=12)) if chance.random() < 0.5 else ""
    tags = ", ".join(chance.sample(TAGS, chance.randint(1, 3)))
    title = chance.choice(TITLES) if chance.random() < 0.9 else ""
    city = chance.choice(PLACES)
    return [given, family, email, _phone(chance), company, title, city, tags, note]


def _phone(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.05:
        return ""
    if kind < 0.06:
        return f"{chance.randrange(10**5):05}"
    if kind < 0.12:
        return f"+44 7{chance.randrange(400, 500)} {chance.randrange(10**6):06}"
    if kind < 0.17:
        rest = chance.randrange(10**4)
        return f"+1 ({chance.choice((212, 415, 312))}) {chance.randrange(230, 990)}-{rest:04}"
    start = chance.choice(("6", "6", "6", "7", "91", "93"))
    if start == "7":
        start += chance.choice("1234")
    digits = start + "".join(chance.choices("0123456789", k=9 - len(start)))
    first, second, third = digits[:3], digits[3:6], digits[6:]
    return chance.choice((
        f"{first} {second} {third}", digits, f"+34 {first} {second} {third}", f"0034{digits}",
        f"{first}-{second}-{third}", f"(+34) {first} {digits[3:5]} {digits[5:7]} {digits[7:]}",
        f"{first}.{second}.{third}",
    ))  # fmt: skip


def _twin(chance: random.Random, row: Row) -> Row:
    """Somebody again, as another hand would write it."""
    twin = list(row)
    twin[2] = row[2].upper()
    if chance.random() < 0.5:
        twin[1] = row[1].split()[0]
    twin[3] = row[3].replace(" ", "").replace("-", "")
    twin[8] = "met again"
    return twin


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in bare if letter.isascii() and letter.isalnum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--contacts", type=int, default=100_000)
    given = parser.parse_args()
    write(given.path, given.contacts)


if __name__ == "__main__":
    main()
