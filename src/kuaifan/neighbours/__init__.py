"""The languages of other systems (外部系统): CAP, EIDO, Open311; one plug-in folder each."""
