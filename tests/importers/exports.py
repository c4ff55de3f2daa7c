"""Whole header lines of other programs' exports, and what they leave out for a reason.

Headings as the `documented` line of each profile says; their order and choice are invented.
"""

from __future__ import annotations

LINES: dict[str, str] = {
    "salesforce-leads": (
        "Lead ID|Lead Owner|Salutation|First Name|Middle Name|Last Name|Suffix|Title|Company"
        "|Street|City|State/Province|Zip/Postal Code|Country|Phone|Mobile Phone|Fax|Email|Website"
        "|Lead Source|Lead Status|Industry|Rating|Annual Revenue|Employees|Created Date"
        "|Last Modified Date|Last Activity|Description|Unread By Owner|Converted"
    ),
    "salesforce-contacts": (
        "Contact ID|Account ID|Account Name|Salutation|First Name|Last Name|Full Name|Title"
        "|Department|Mailing Street|Mailing City|Mailing State/Province|Mailing Zip/Postal Code"
        "|Mailing Country|Other Street|Other City|Other State/Province|Other Zip/Postal Code"
        "|Other Country|Business Phone|Business Fax|Mobile Phone|Home Phone|Other Phone"
        "|Asst. Phone|Assistant's Name|Reports To ID|Email|Birthdate|Lead Source"
        "|Contact Description|Contact Owner|Created Date|Created By ID|Last Activity"
    ),
    "salesforce-accounts": (
        "Account ID|Account Name|Account Type|Parent Account|Billing Street|Billing City"
        "|Billing State/Province|Billing Zip/Postal Code|Billing Country|Shipping Street"
        "|Shipping City|Shipping State/Province|Shipping Zip/Postal Code|Shipping Country"
        "|Account Phone|Account Fax|Website|Industry|Annual Revenue|Employees|Account Source"
        "|Account Description|Account Owner|Created Date|Last Modified Date"
    ),
    "salesforce-opportunities": (
        "Opportunity ID|Opportunity Owner|Account ID|Account Name|Opportunity Name|Stage"
        "|Fiscal Period|Amount|Opportunity Currency|Expected Revenue|Probability (%)|Age"
        "|Close Date|Created Date|Next Step|Lead Source|Description|Contact ID"
    ),
    "salesforce-leads-api": (
        "Id|IsDeleted|LastName|FirstName|Salutation|Name|Title|Company|Street|City|State"
        "|PostalCode|Country|Phone|MobilePhone|Fax|Email|Website|Description|LeadSource|Status"
        "|Industry|AnnualRevenue|NumberOfEmployees|OwnerId|IsConverted|CreatedDate|SystemModstamp"
    ),
    "salesforce-contacts-api": (
        "Id|IsDeleted|AccountId|LastName|FirstName|Salutation|MailingStreet|MailingCity"
        "|MailingState|MailingPostalCode|MailingCountry|Phone|Fax|MobilePhone|HomePhone|OtherPhone"
        "|AssistantPhone|ReportsToId|Email|Title|Department|AssistantName|LeadSource|Birthdate"
        "|Description|OwnerId|CreatedDate|CreatedById|LastModifiedById|SystemModstamp"
    ),
    "salesforce-accounts-api": (
        "Id|IsDeleted|Name|Type|ParentId|BillingStreet|BillingCity|BillingState|BillingPostalCode"
        "|BillingCountry|ShippingStreet|ShippingCity|ShippingPostalCode|Phone|Fax|Website|Industry"
        "|AnnualRevenue|NumberOfEmployees|Description|OwnerId|CreatedDate|AccountSource"
    ),
    "salesforce-opportunities-api": (
        "Id|IsDeleted|AccountId|Name|Description|StageName|Amount|Probability|ExpectedRevenue"
        "|CloseDate|NextStep|LeadSource|IsClosed|IsWon|CurrencyIsoCode|OwnerId|CreatedDate"
        "|ContactId"
    ),
    "hubspot-contacts": (
        "Record ID|First Name|Last Name|Email|Work email|Phone Number|Mobile Phone Number"
        "|Job Title|Company Name|Website URL|Street Address|City|State/Region|Postal Code"
        "|Country/Region|Contact owner|Lead Status|Lifecycle Stage|Original Source|Create Date"
        "|Last Activity Date|Associated Company|Associated Company IDs"
        "|Associated Company (Primary)|Associated Company IDs (Primary)"
    ),
    "hubspot-companies": (
        "Record ID|Company name|Company Domain Name|Company owner|Phone Number|Street Address"
        "|City|State/Region|Postal Code|Country/Region|Industry|Number of Employees"
        "|Annual Revenue|Create Date|Last Activity Date|Associated Contact"
        "|Associated Contact IDs|Associated Note"
    ),
    "hubspot-deals": (
        "Record ID|Deal Name|Pipeline|Deal Stage|Amount|Amount in company currency|Currency"
        "|Close Date|Create Date|Last Activity Date|Deal owner|Associated Contact"
        "|Associated Company (Primary)|Associated Company IDs (Primary)"
    ),
    "hubspot-contacts-es": (
        "ID de registro|Nombre|Apellidos|Correo|Número de teléfono|Cargo|Ciudad|País/región"
        "|URL de LinkedIn|Propietario del contacto|Estado del lead|Número de veces contactado"
        "|Último contacto|Última actividad|Fecha de creación|Associated Company IDs (Primary)"
    ),
    "hubspot-companies-es": (
        "ID de registro|Nombre de la empresa|Nombre de dominio de la empresa|Dominios adicionales"
        "|Ciudad|País/región|Sector|Associated Note"
    ),
    "pipedrive-people": (
        "Person - ID|Person - Name|Person - First name|Person - Last name|Person - Organization"
        "|Person - Email - Work|Person - Email - Home|Person - Email - Other"
        "|Person - Phone - Work|Person - Phone - Home|Person - Phone - Mobile"
        "|Person - Phone - Other|Person - Owner|Person - Labels|Person - Open deals"
        "|Person - Person created|Person - Marketing status|Person - Double opt-in"
        "|Organization - ID"
    ),
    "pipedrive-organizations": (
        "Organization - ID|Organization - Name|Organization - Labels|Organization - Owner"
        "|Organization - Address|Organization - Street/road name of Address"
        "|Organization - City/town/village/locality of Address"
        "|Organization - State/county of Address|Organization - Country of Address"
        "|Organization - ZIP/Postal code of Address|Organization - Website"
        "|Organization - LinkedIn profile|Organization - Industry|Organization - Annual revenue"
        "|Organization - Number of employees|Organization - People|Organization - Open deals"
        "|Organization - Activities to do|Organization - Last activity date"
    ),
    "pipedrive-deals": (
        "Deal - ID|Deal - Title|Deal - Value|Deal - Currency|Deal - Organization"
        "|Deal - Contact person|Deal - Pipeline|Deal - Stage|Deal - Status|Deal - Owner"
        "|Deal - Expected close date|Deal - Deal created|Deal - Won time|Deal - Lost time"
        "|Deal - Lost reason|Deal - Total activities|Deal - Product name|Person - ID"
        "|Person - Email - Work|Person - Phone - Work|Organization - ID"
    ),
    "pipedrive-people-es": (
        "Persona - Nombre|Persona - Correo electrónico - Trabajo|Persona - Teléfono - Trabajo"
        "|Persona - Teléfono - Otro|Persona - Organización|Persona - Propietario"
        "|Persona - Código postal"
    ),
    "pipedrive-deals-es": (
        "Negocio - ID|Negocio - Título|Negocio - Propietario|Negocio - Etapa|Negocio - Valor"
        "|Negocio - Estado|Negocio - Fecha de ganado|Persona - Nombre"
        "|Persona - Correo electrónico|Persona - Teléfono"
    ),
    "pipedrive-deals-es-trato": (
        "Trato - ID|Trato - Título|Trato - Valor|Trato - Etapa|Trato - Propietario"
        "|Organización - Nombre"
    ),
    "zoho-leads": (
        "Record Id|Lead Owner.id|Lead Owner|Is Converted|Company|First Name|Last Name|Email"
        "|Secondary Email|Phone|Mobile|Lead Source|Lead Status|No. of Employees|Skype ID|Street"
        "|City|State|Zip Code|Country|Created By.id|Created By|Modified By.id|Modified By"
        "|Created Time|Modified Time|Lead Name|Tag|Description"
    ),
    "zoho-contacts": (
        "Record Id|Contact Owner.id|Contact Owner|Lead Source|First Name|Last Name"
        "|Account Name.id|Account Name|Vendor Name.id|Vendor Name|Email|Title|Department|Phone"
        "|Mobile|Created By.id|Created By|Modified By.id|Modified By|Created Time|Modified Time"
        "|Contact Name|Mailing Street|Mailing City|Mailing State|Mailing Zip|Mailing Country"
        "|Secondary Email|Reporting To.id|Reporting To|Last Activity Time|Tag"
    ),
    "zoho-accounts": (
        "Record Id|Account Owner.id|Account Owner|Account Name|Phone|Website|Parent Account.id"
        "|Parent Account|Account Number|Industry|Annual Revenue|Employees|Ticker Symbol|SIC Code"
        "|Billing Street|Billing City|Billing State|Billing Code|Billing Country|Tag"
        "|Created Time|Modified Time"
    ),
    "zoho-deals": (
        "Record Id|Deal Owner.id|Deal Owner|Amount|Deal Name|Closing Date|Account Name.id"
        "|Account Name|Stage|Probability (%)|Expected Revenue|Lead Source|Contact Name.id"
        "|Contact Name|Pipeline.id|Pipeline|Created Time|Modified Time|Reason For Loss|Tag"
    ),
    "suitecrm-contacts": (
        "First Name|Last Name|ID|Salutation|Job Title|Department|Account Name|Email Address"
        "|Office Phone|Mobile|Home|Other Phone|Fax|Primary Address Street|Primary Address City"
        "|Primary Address State|Primary Address Postal Code|Primary Address Country"
        "|Alternate Address Street|Alternate Address City|Alternate Address Postal Code"
        "|Description|Birthdate|Lead Source|Reports To|Assistant|Assistant Phone|Assigned to"
        "|Date Created|Date Modified|Deleted"
    ),
    "suitecrm-contacts-columns": (
        "id|first_name|last_name|salutation|title|department|account_name|email1|phone_work"
        "|phone_mobile|phone_home|phone_fax|primary_address_street|primary_address_city"
        "|primary_address_postalcode|primary_address_country|alt_address_street|birthdate"
        "|lead_source|description|assigned_user_name|assigned_user_id|date_entered|deleted"
    ),
    "suitecrm-accounts": (
        "Name|ID|Website|Email Address|Office Phone|Alternate Phone|Phone Fax|Billing Street"
        "|Billing Street 2|Billing City|Billing State|Billing Postal Code|Billing Country"
        "|Shipping Street|Shipping City|Shipping Postal Code|Description|Account Type|Industry"
        "|Annual Revenue|Employees|SIC Code|Ticker Symbol|Member of|Parent Account ID|Rating"
        "|Assigned to|Date Created|Date Modified|Campaign ID"
    ),
    "suitecrm-opportunities": (
        "Opportunity Name|ID|Opportunity Amount|Currency|Account Name|Account ID"
        "|Expected Close Date|Sales Stage|Probability (%)|Next Step|Lead Source|Assigned to"
        "|Description|Date Created"
    ),
    "suitecrm-leads": (
        "First Name|Last Name|ID|Salutation|Title|Account Name|Account Description"
        "|Email Address|Office Phone|Mobile|Home Phone|Fax|Website|Primary Address Street"
        "|Primary Address City|Primary Address Postalcode|Alt Address Street|Alt Address City"
        "|Status|Status Description|Lead Source|Lead Source Description|Referred By|Converted"
        "|Opportunity Name|Opportunity Amount|Assigned to|Date Created"
    ),
    "insightly-contacts": (
        "Record Id|Salutation|First Name|Last Name|Title|Organization|Email Address|Phone"
        "|Home Phone|Mobile Phone|Fax|Address Mail Street|Address Mail City|Address Mail State"
        "|Address Mail Postcode|Address Mail Country|Address Other Street|Address Other Postcode"
        "|Date Of Birth|Linkedin|Twitter|Background|Contact Owner|Tag List|Date Created"
    ),
    "insightly-organisations": (
        "Record Id|Organization Name|Phone|Fax|Website|Linkedin|Address Billing Street"
        "|Address Billing City|Address Billing State|Address Billing Postcode"
        "|Address Billing Country|Address Shipping Street|Organization Owner|Tag List"
    ),
    "insightly-opportunities": (
        "Record Id|Opportunity Name|Opportunity Details|Opportunity State|Bid Amount|Bid Currency"
        "|Probability Of Winning|Forecast Close Date|Actual Close Date|Pipeline|Stage"
        "|Organization|Responsible User|Tag List|Date Created"
    ),
    "insightly-leads": (
        "Record Id|First Name|Last Name|Title|Organization|Lead Rating|Lead Status|Lead Source"
        "|Email Address|Phone|Mobile Phone|Fax|Website|Industry|Number of Employees"
        "|Address Street|Address City|Address State|Address Postcode|Address Country"
    ),
    "nutshell-people": (
        "Legacy ID|Full Name|First Name|Last Name|Job Title|Company name|Email|Phone - Mobile"
        "|Phone - Work|Phone - Home|Phone - Office|Phone - Fax|Full Address|Address 1|Address 2"
        "|City|State|Zip|Country Code|URL|Twitter|Owner|Audience|Tag|Territory|Note|Note Date"
    ),
    "nutshell-companies": (
        "Legacy ID|Company name|Email|Phone|Full Address|Address 1|City|State|Zip|Country Code"
        "|URL|Industry|Company type|Owner|Tag|Territory|Note|Note Date"
    ),
    "nutshell-leads": (
        "Lead number|Lead name|Assignee|Value|Confidence|Stage|Pipeline|Status|Primary company"
        "|Primary person|Source|Projected close date|Created date|Tag|Market"
    ),
    "dynamics-contacts": (
        "(Do Not Modify) Contact|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On"
        "| Full Name|First Name|Last Name|Company Name|Job Title|Email|Email Address 2"
        "|Business Phone|Mobile Phone|Home Phone|Fax|Address 1: Street 1|Address 1: City"
        "|Address 1: State/Province|Address 1: ZIP/Postal Code|Address 1: Country/Region|Owner"
        "|Status|Created On"
    ),
    "dynamics-accounts": (
        "(Do Not Modify) Account|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On"
        "|Account Name|Main Phone|Fax|Email|Website|Address 1: Street 1|Address 1: City"
        "|Address 1: ZIP/Postal Code|Address 1: Country/Region|Primary Contact"
        "|Email (Primary Contact) (Contact)|Parent Account|Owner|Status"
    ),
    "dynamics-opportunities": (
        "(Do Not Modify) Opportunity|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On"
        "|Topic|Potential Customer|Account|Contact|Est. Close Date|Est. Revenue|Actual Close Date"
        "|Currency|Probability|Pipeline Phase|Status|Status Reason|Rating|Owner|Created On"
    ),
    "dynamics-leads": (
        "(Do Not Modify) Lead|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Subject"
        "|First Name|Last Name|Job Title|Company Name|Email|Business Phone|Mobile Phone|Country"
        "|State or Province|Description|Lead Source|Rating|LinkedIn"
    ),
    "dynamics-contacts-es": (
        "(No modificar) Contacto|(No modificar) Suma de comprobación de fila"
        "|(No modificar) Fecha de modificación|Nombre de pila|Apellidos|Puesto|Email|Teléfono"
        "|Teléfono móvil|Nombre de la compañía|Calle|Ciudad|Código Postal|Provincia|País"
        "|Propietario|Razón para el estado|Estado|Descripción|Fecha de creación"
        "|Dirección de correo electrónico 2"
    ),
    "act-contacts": (
        "Company|Contact|Salutation|First Name|Middle Name|Surname|Name Prefix|Name Suffix|Title"
        "|Department|Address 1|Address 2|Address 3|City|State|Postcode|Country|Phone|Extension"
        "|Alternate Phone|Alternate Extension|Mobile Phone|Mobile Extension|Fax Phone"
        "|Fax Extension|Home Phone|Home Address 1|Home City|Home Postcode|E-mail|E-mail 2"
        "|Personal E-mail|Web Site|ID/Status|Referred By|Birth Date|Spouse|Record Manager"
        "|Record Creator|Last Edited By|Last E-mail|Last Reach|Last Meeting|Last Attempt"
        "|Last Results|Letter Date|Create Date|Edit Date|User 1|User 2"
    ),
    "act-contacts-web": (
        "Id|Created|FullName|Company|AlternateExtension|AlternatePhone|Birthday"
        "|BusinessAddressCity|BusinessAddressCountry|BusinessAddressLine1|BusinessAddressLine2"
        "|BusinessAddressPostalCode|BusinessAddressState|BusinessExtension|BusinessPhone"
        "|Department|Edited|EditedBy|EmailAddress|FaxExtension|FaxPhone|FirstName"
        "|HomeAddressCity|HomeAddressLine1|HomePhone|LastName|MobilePhone|JobTitle"
    ),
    "goldmine-contacts": (
        "ACCOUNTNO|COMPANY|CONTACT|LASTNAME|DEPARTMENT|TITLE|SECR|PHONE1|PHONE2|PHONE3|FAX|EXT1"
        "|EXT2|ADDRESS1|ADDRESS2|ADDRESS3|CITY|STATE|ZIP|COUNTRY|DEAR|SOURCE|KEY1|KEY2|KEY3"
        "|KEY4|KEY5|STATUS|NOTES|MERGECODES|CREATEBY|CREATEON|OWNER|LASTUSER|LASTDATE|LASTTIME"
        "|RECID"
    ),
    "keap-contacts": (
        "Id|Title|First Name|Middle Name|Last Name|Suffix|Nickname|Company|Job Title|Email"
        "|Email 2|Email 3|Phone 1|Phone 1 Ext|Phone 1 Type|Phone 2|Phone 2 Ext|Phone 2 Type"
        "|Fax 1|Fax 1 Type|Billing Address Street 1|Billing Address Street 2"
        "|Billing Address City|Billing Address State|Billing Address Postal Code"
        "|Billing Address Country|Billing Address Zip Four|Shipping Address Street 1|Birthday"
        "|Anniversary|Spouse Name|Assistant Name|Assistant Phone|Website|Person Type"
        "|Person Notes|Tags|Date Created|Created By|Last Updated|Time Zone"
    ),
    "netsuite-customers": (
        "Internal ID|ID|Name|Company Name|Email|Alt. Email|Phone|Office Phone|Fax|Web Address"
        "|Category|Sales Rep|Lead Source|Comments|Address 1|Billing Address|Billing Address 1"
        "|Billing City|Billing Zip|Contact (Primary)|Subsidiary|Terms|Date Created"
    ),
    "netsuite-contacts": (
        "Internal ID|Name|First Name|Middle Name|Last Name|Organization|Job Title|Email"
        "|Alt. Email|Main Phone|Office Phone|Mobile Phone|Home Phone|Assist. Phone|Fax|Address"
        "|Comments|Supervisor|Subsidiary|Date Created"
    ),
    "netsuite-opportunities": (
        "Internal ID|Document Number|Title|Customer|Status|Probability|Projected Total|Currency"
        "|Expected Close|Date|Sales Rep|Lead Source|Memo|Forecast Type|Weighted Total"
    ),
    "odoo-contacts": (
        "External ID|Name|Related Company|Job Position|Email|Phone|Mobile|Street|Street2|City"
        "|State|Zip|Country|Website Link|Industry|Tags|Notes|Salesperson|Is a Company|Reference"
        "|Language|Created on"
    ),
    "odoo-opportunities": (
        "External ID|Opportunity|Customer|Contact Name|Company Name|Email|Phone|Mobile"
        "|Job Position|Street|City|Zip|Country|Salesperson|Sales Team|Expected Revenue"
        "|Prorated Revenue|Currency|Probability|Stage|Expected Closing|Closed Date|Created on"
        "|Lost Reason|Source|Tags|Notes|Priority|Company"
    ),
    "odoo-opportunities-es": (
        "Oportunidad|Cliente|Nombre del contacto|Nombre de la compañía|Correo electrónico"
        "|Teléfono|Comercial|Equipo de ventas|Ingreso esperado|Moneda|Probabilidad|Etapa"
        "|Cierre previsto|Fecha de cierre|Creado el|Prioridad|Compañía"
    ),
    "google-contacts": (
        "First Name|Middle Name|Last Name|Phonetic First Name|Phonetic Middle Name"
        "|Phonetic Last Name|Name Prefix|Name Suffix|Nickname|File As|Organization Name"
        "|Organization Title|Organization Department|Birthday|Notes|Photo|Labels"
        "|E-mail 1 - Label|E-mail 1 - Value|E-mail 2 - Label|E-mail 2 - Value|Phone 1 - Label"
        "|Phone 1 - Value|Phone 2 - Label|Phone 2 - Value|Address 1 - Label"
        "|Address 1 - Formatted|Address 1 - Street|Address 1 - City|Address 1 - PO Box"
        "|Address 1 - Region|Address 1 - Postal Code|Address 1 - Country"
        "|Address 1 - Extended Address|Website 1 - Label|Website 1 - Value"
    ),
    "google-contacts-old": (
        "Name|Given Name|Additional Name|Family Name|Yomi Name|Given Name Yomi"
        "|Additional Name Yomi|Family Name Yomi|Name Prefix|Name Suffix|Initials|Nickname"
        "|Short Name|Maiden Name|Birthday|Gender|Location|Billing Information|Directory Server"
        "|Mileage|Occupation|Hobby|Sensitivity|Priority|Subject|Notes|Language|Photo"
        "|Group Membership|E-mail 1 - Type|E-mail 1 - Value|Phone 1 - Type|Phone 1 - Value"
        "|Address 1 - Type|Address 1 - Formatted|Organization 1 - Type|Organization 1 - Name"
        "|Organization 1 - Title|Website 1 - Type|Website 1 - Value"
    ),
    "outlook-contacts": (
        "First Name|Middle Name|Last Name|Title|Suffix|Initials|Web Page|Gender|Birthday"
        "|Anniversary|Location|Language|Internet Free Busy|Notes|E-mail Address"
        "|E-mail 2 Address|E-mail 3 Address|Primary Phone|Home Phone|Home Phone 2|Mobile Phone"
        "|Pager|Home Fax|Home Address|Home Street|Home Street 2|Home Street 3"
        "|Home Address PO Box|Home City|Home State|Home Postal Code|Home Country|Spouse|Children"
        "|Manager's Name|Assistant's Name|Referred By|Company Main Phone|Business Phone"
        "|Business Phone 2|Business Fax|Assistant's Phone|Company|Job Title|Department"
        "|Office Location|Organizational ID Number|Profession|Account|Business Address"
        "|Business Street|Business Street 2|Business Street 3|Business Address PO Box"
        "|Business City|Business State|Business Postal Code|Business Country|Other Phone"
        "|Other Fax|Other Address|Other Street|Other Street 2|Other Street 3"
        "|Other Address PO Box|Other City|Other State|Other Postal Code|Other Country|Callback"
        "|Car Phone|ISDN|Radio Phone|TTY/TDD Phone|Telex|User 1|User 2|User 3|User 4|Keywords"
        "|Mileage|Hobby|Billing Information|Directory Server|Sensitivity|Priority|Private"
        "|Categories"
    ),
    "outlook-contacts-es": (
        "Tratamiento|Nombre|Segundo nombre|Apellidos|Sufijo|Organización|Puesto"
        "|Calle del trabajo|Ciudad de trabajo|Provincia o estado de trabajo"
        "|Código postal del trabajo|País o región del trabajo|Otra calle|Otra ciudad"
        "|Otro código postal|Teléfono del trabajo|Business Phone 2|Particular|Mobile Phone"
        "|Otro teléfono|Número de centralita de la organización|Categorías|E-mail Address"
        "|Dirección de correo electrónico 2|Dirección del correo electrónico 3"
        "|Nombre de pantalla de correo electrónico|Nombre del director|Notes|Página web"
        "|Birthday|Hijos|Prioridad"
    ),
    "linkedin-connections": "First Name|Last Name|URL|Email Address|Company|Position|Connected On",
}

LEFT_OUT: dict[str, str] = {
    "who keeps or changed it": (
        "Created By ID|Contact Owner.id|Lead Owner.id|Account Owner.id|Deal Owner.id"
        "|Created By.id|Modified By.id|Pipeline.id"
    ),
    "another record": (
        "Reports To ID|Reporting To.id|Vendor Name|Vendor Name.id|Parent Account.id"
        "|Parent Account ID|Campaign ID|Assistant's Name|Assistant Name|AssistantName"
        "|Manager's Name|Nombre del director|Spouse Name|Opportunity Name"
    ),
    "of the program itself": (
        "Account|Account Description|Account Number|Account Type|Company type|Is a Company"
        "|Organization Department|Organization 1 - Type|ID|Organizational ID Number|Skype ID"
        "|Amount in company currency|Deal - Product name|Organization - People"
        "|Organization - Open deals|Organization - Activities to do"
        "|Organization - Last activity date"
    ),
    "a form of the name, or part of it": (
        "LASTNAME|Nickname|Short Name|Maiden Name|Yomi Name|Given Name Yomi|Family Name Yomi"
        "|Additional Name Yomi|Phonetic First Name|Phonetic Middle Name|Phonetic Last Name"
        "|Nombre de pantalla de correo electrónico"
    ),
    "no number to call, no e-mail": (
        "Phone 1 Ext|Phone 2 Ext|Fax 1 Type|Fax Extension|FaxExtension|Mobile Extension"
        "|Radio Phone|TTY/TDD Phone|Last E-mail"
    ),
}
"""Why a heading that looks like one that says who it is may fill nothing → such headings."""

OF_ODOO_ITSELF = {"odoo-opportunities": "Company", "odoo-opportunities-es": "Compañía"}
"""The company of the user who keeps the record."""
