"""The invented company behind `crm demo`: Brisa Solar sells solar roofs to other companies.

Every name is made up; addresses end in `.example`, and numbers lie in blocks that nobody is given.
"""

from __future__ import annotations

# Each is: name, role, team, region.
TEAM = (
    ("Carmen Vidal", "manager", "", "Madrid"),
    ("Eva Romero", "rep", "North", "Bilbao"),
    ("Luis Ortega", "rep", "North", "Santander"),
    ("Marta Peña", "rep", "South", "Sevilla"),
    ("Iñigo Saez", "rep", "South", "Málaga"),
    ("Grace Bennett", "rep", "South", "London"),
)
MANAGER = "Carmen Vidal"
HERO = "Eva Romero"
"""Whoever opens the demo is her: her tasks, her deals, her day."""

# Each is: name, code, family, price, unit.
PRODUCTS = (
    ("Solar roof", "ROOF", "Solar", "980", "kWp"),
    ("Solar canopy", "CANOPY", "Solar", "1450", "kWp"),
    ("Battery 10 kWh", "BAT10", "Storage", "5400", "unit"),
    ("Car charger 22 kW", "CAR22", "Charging", "1350", "unit"),
    ("Fast charger 60 kW", "CAR60", "Charging", "19800", "unit"),
    ("Energy audit", "AUDIT", "Advice", "2200", "site"),
    ("Monitoring", "MON", "Care", "29", "month"),
    ("Yearly care", "CARE", "Care", "690", "year"),
)

# Each is: name, industry, size, revenue, city, country, domain, its owner's place in TEAM.
COMPANIES = (
    ("Talleres Muñoz", "Metalwork", 48, "6.2M", "Bilbao", "ES", "talleresmunoz", 1),
    ("Conservas La Ría", "Food", 130, "21M", "Santoña", "ES", "laria", 2),
    ("Panadería Ibáñez e Hijos", "Food", 36, "3.1M", "Vitoria", "ES", "ibanezehijos", 1),
    ("Hotel Mirador del Nervión", "Hotels", 74, "5.8M", "Bilbao", "ES", "miradornervion", 1),
    ("Transportes Güemes", "Logistics", 210, "34M", "Torrelavega", "ES", "guemes", 2),
    ("Bodegas Peñalba", "Food", 62, "9.4M", "Haro", "ES", "penalba", 1),
    ("Clínica Santa Águeda", "Health", 95, "8.8M", "San Sebastián", "ES", "santaagueda", 1),
    ("Plásticos Cantábricos", "Plastics", 180, "27M", "Gijón", "ES", "plasticoscantabricos", 2),
    ("Escuelas Txori", "Education", 58, "2.9M", "Getxo", "ES", "txori", 1),
    ("Frutas Zabala", "Food", 88, "15M", "Logroño", "ES", "frutaszabala", 2),
    ("Imprenta Álava", "Printing", 27, "2.2M", "Vitoria", "ES", "imprentaalava", 1),
    ("Astilleros Pórtico", "Shipbuilding", 320, "61M", "Santander", "ES", "portico", 2),
    ("Cooperativa Valdesoto", "Farming", 44, "7.5M", "Siero", "ES", "valdesoto", 2),
    ("Gimnasios Marea", "Sport", 52, "3.6M", "Bilbao", "ES", "marea", 1),
    ("Ferretería Uriarte", "Retail", 19, "1.8M", "Durango", "ES", "uriarte", 1),
    ("Lácteos Picos", "Food", 115, "19M", "Cangas de Onís", "ES", "lacteospicos", 2),
    ("Aceites Sierra Sur", "Food", 70, "12M", "Estepa", "ES", "sierrasur", 3),
    ("Cerámicas Triana", "Ceramics", 66, "5.1M", "Sevilla", "ES", "ceramicastriana", 3),
    ("Hotel Patio de los Naranjos", "Hotels", 90, "7.7M", "Córdoba", "ES", "pationaranjos", 3),
    ("Logística Guadalete", "Logistics", 160, "24M", "Jerez", "ES", "guadalete", 3),
    ("Invernaderos Poniente", "Farming", 240, "31M", "El Ejido", "ES", "poniente", 4),
    ("Clínica Dental Alameda", "Health", 22, "1.9M", "Málaga", "ES", "dentalalameda", 4),
    ("Supermercados Dávila", "Retail", 410, "88M", "Málaga", "ES", "davila", 4),
    ("Colegio Las Jacarandas", "Education", 81, "4.4M", "Marbella", "ES", "jacarandas", 4),
    ("Frigoríficos del Sur", "Logistics", 140, "22M", "Algeciras", "ES", "frigosur", 3),
    ("Textiles Azahar", "Textiles", 57, "4.9M", "Antequera", "ES", "azahar", 4),
    ("Campings Costa Clara", "Hotels", 46, "3.3M", "Nerja", "ES", "costaclara", 4),
    ("Viveros Alcázar", "Farming", 33, "2.5M", "Carmona", "ES", "viverosalcazar", 3),
    ("Automóviles Ronda", "Cars", 68, "17M", "Ronda", "ES", "autoronda", 4),
    ("Laboratorios Hidalgo", "Health", 150, "28M", "Granada", "ES", "labhidalgo", 3),
    ("Harbour & Finch", "Property", 120, "40M", "London", "GB", "harbourfinch", 5),
    ("Oakfield Schools Trust", "Education", 260, "18M", "Reading", "GB", "oakfield", 5),
    ("Pennine Cold Store", "Logistics", 95, "14M", "Leeds", "GB", "pennine", 5),
    ("Larkspur Hotels", "Hotels", 310, "45M", "Brighton", "GB", "larkspur", 5),
    ("Whitcombe Dairy", "Food", 64, "11M", "Exeter", "GB", "whitcombe", 5),
    ("Mayfield Brewing", "Food", 29, "3.9M", "Bristol", "GB", "mayfield", 5),
    ("Summit Ridge Outdoor", "Retail", 85, "16M", "Denver", "US", "summitridge", 5),
    ("Bluewater Marinas", "Leisure", 140, "26M", "Annapolis", "US", "bluewater", 5),
    ("Cedar Hollow Farms", "Farming", 75, "13M", "Fresno", "US", "cedarhollow", 5),
    ("Redwood Data Centers", "Technology", 190, "72M", "Portland", "US", "redwooddata", 5),
)

SPANISH_NAMES = (
    "Ana Muñoz", "José Luis Ibáñez", "Begoña Agirre", "Iker Etxeberria", "María Güemes",
    "Pedro Castañeda", "Lucía Peñalba", "Ángel Ordóñez", "Nerea Zubiri", "Raúl Cobo",
    "Sofía Llorente", "Gonzalo Pérez", "Íñigo Arana", "Paula Sáinz", "Andrés Cuevas",
    "Elena Barrios", "Tomás Quintana", "Rocío Domínguez", "Javier León", "Inés Molina",
    "Álvaro Núñez", "Carla Jiménez", "Manuel Ávila", "Teresa Gálvez", "Óscar Benítez",
    "Pilar Cortés", "Hugo Carrasco", "Nuria Espejo", "Sergio Montes", "Lola Herrera",
    "Fernando Ruiz", "Marina Otero", "Pablo Serrano", "Julia Rey", "Rubén Solís",
    "Cristina Vega", "Miguel Ángel Prieto", "Laura Arce", "Diego Salas", "Amaia Olabarri",
    "Xabier Mendia", "Concha Ríos", "Ramón Bustos", "Silvia Campos", "Esteban Nieto",
    "Olga Trujillo", "Bruno Palacios", "Alicia Reina", "Jorge Lozano", "Victoria Sanz",
    "Mateo Cano", "Irene Rojas", "Samuel Gil", "Noelia Parra", "Adrián Duarte", "Eva María Luque",
    "Gabriel Moya", "Patricia Soler", "Martín Aguado", "Clara Villar", "Leire Goñi",
    "Unai Larrañaga", "Dolores Crespo", "Joaquín Maldonado", "Celia Pastor", "Rafael Bueno",
)  # fmt: skip
ENGLISH_NAMES = (
    "Oliver Finch", "Amelia Hart", "George Whitcombe", "Priya Nair", "Thomas Ashdown",
    "Chloe Bannister", "Daniel O'Connor", "Hannah Price", "Samuel Okafor", "Isla Morgan",
    "Jack Thornton", "Ruth Calloway", "Noah Brennan", "Zoë Lindqvist", "Emily Marsh",
    "Carlos Rivera", "Megan Doyle", "Ethan Brooks", "Aisha Rahman", "Peter Novák",
    "Grace Kim", "Walter Hughes", "Naomi Adler", "Liam Castle",
)  # fmt: skip
JOB_TITLES = (
    "Managing director", "Operations manager", "Head of purchasing", "Plant manager",
    "Finance director", "Facilities manager", "Sustainability lead", "Owner", "Technical director",
    "Office manager",
)  # fmt: skip
DEAL_ROLES = ("decision maker", "champion", "finance", "influencer", "buyer")
HOBBIES = ("sailing", "cycling", "chess", "choir", "football", "cooking", "hiking", "photography")
GROUPS = ("Chamber of Commerce", "Lions Club", "Rotary", "Cluster de Energía")
SOURCES = ("referral", "trade fair", "web form", "cold call", "partner", "LinkedIn")
TAGS = ("vip", "fair-2026", "grant", "multi-site", "press", "slow payer")

# Each is: title, product, smallest and largest amount.
OFFERS = (
    ("Solar roof", "ROOF", 28_000, 140_000),
    ("Solar roof", "ROOF", 35_000, 190_000),
    ("Solar canopy", "CANOPY", 60_000, 220_000),
    ("Batteries", "BAT10", 16_000, 75_000),
    ("Car chargers", "CAR22", 8_000, 42_000),
    ("Fast chargers", "CAR60", 40_000, 120_000),
    ("Energy audit", "AUDIT", 2_200, 9_000),
)
CARE_OFFERS = (
    ("Care contract", "CARE", 1_400, 9_600),
    ("Monitoring", "MON", 700, 5_200),
)
SITES = (
    "warehouse", "main hall", "workshop", "head office", "north wing", "cold room", "loading bay",
    "second site", "car park", "annexe",
)  # fmt: skip
# Each is: name, outcome, probability, days before a deal rots.
CARE_STAGES = (
    ("Due", "open", 60, 30),
    ("Offered", "open", 80, 14),
    ("Renewed", "won", 100, None),
    ("Left", "lost", 0, None),
)
LOST_REASONS = ("price", "no budget", "went with a competitor", "timing", "went silent")
COMPETITORS = ("Helios Ibérica", "SunWorks", "Voltia", "Zeta Solar")

# Each is: kind, outcome, what was said.
TALKS = (
    ("call", "connected", "Wants the numbers per month, not per year."),
    ("call", "interested", "Landlord agrees in principle; needs it in writing."),
    ("call", "no answer", ""),
    ("call", "voicemail", "Left a message about the grant deadline."),
    ("call", "connected", "Budget meeting on the last Thursday of the month."),
    ("call", "interested", "Asked for two references in the same trade."),
    ("email", "", "Sent the revised layout and the savings table."),
    ("email", "", "Sent the offer with financing over 5 years."),
    ("email", "", "They returned the signed confidentiality agreement."),
    ("meeting", "done", "Walked the roof: asbestos in the north wing, 640 m² are usable."),
    ("meeting", "done", "Went through the offer line by line; they want a battery option."),
    ("visit", "done", "Measured the main panel. There is room for a second inverter."),
    ("message", "", "Confirmed Thursday at ten by WhatsApp."),
    ("note", "", "The owner decides alone; his daughter reads the contracts."),
    ("note", "", "Current tariff ends in March. That is our date."),
)

# Each is: title, priority.
TASKS = (
    ("Send the revised offer", "high"),
    ("Call about the grant papers", "normal"),
    ("Ask for the last twelve bills", "normal"),
    ("Book the roof survey", "high"),
    ("Send two references", "low"),
    ("Chase the signature", "urgent"),
    ("Prepare the site visit", "normal"),
    ("Check the crane permit", "normal"),
    ("Send the financing table", "high"),
    ("Agree the date with the installer", "normal"),
)

# Each is: title, days from today.
CHORES = (
    ("Write the monthly report", 3),
    ("Order new catalogues", 8),
    ("Renew the stand at the fair", 20),
    ("Update the price list", -2),
)

NEWS = "The board meets on Monday and wants one page with the savings."
NEXT = "Send one page with the savings"
