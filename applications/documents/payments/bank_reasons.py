"""The reason codes of banks (ISO 20022 external code sets) in words a payment desk can act on."""

from __future__ import annotations

from applications.rules.base import Reason

WORDS: dict[str, tuple[str, str]] = {
    "AC01": ("Numéro de compte incorrect", "Account number incorrect"),
    "AC03": ("Numéro de compte du bénéficiaire incorrect", "Payee’s account number incorrect"),
    "AC04": ("Compte clos", "Account closed"),
    "AC06": ("Compte bloqué", "Account blocked"),
    "AG01": ("Opération interdite sur ce compte", "Transaction forbidden on this account"),
    "AG02": ("Type d’opération incorrect", "Type of transaction incorrect"),
    "AM01": ("Montant nul", "Amount is zero"),
    "AM02": ("Montant supérieur au maximum admis", "Amount above the maximum allowed"),
    "AM03": ("Devise non admise", "Currency not allowed"),
    "AM04": ("Provision insuffisante sur le compte débité", "Insufficient funds on the account debited"),
    "AM05": ("Opération en double", "Duplicate transaction"),
    "AM09": ("Montant différent de celui attendu", "Amount is not the one expected"),
    "AM10": ("Total de contrôle du fichier inexact", "Control sum of the file incorrect"),
    "BE01": ("Titulaire du compte différent du bénéficiaire", "Account holder is not the payee"),
    "BE04": ("Adresse du bénéficiaire absente ou incorrecte", "Payee’s address missing or incorrect"),
    "BE05": ("Émetteur non reconnu par la banque", "Initiating party not recognised by the bank"),
    "CNOR": ("Banque du bénéficiaire injoignable par ce circuit", "Payee’s bank not registered for this route"),
    "CURR": ("Devise incorrecte", "Currency incorrect"),
    "CUST": ("Retour demandé par le client", "Requested by the customer"),
    "DNOR": ("Banque du débiteur injoignable par ce circuit", "Debtor’s bank not registered for this route"),
    "DT01": ("Date incorrecte", "Date incorrect"),
    "DUPL": ("Paiement en double", "Duplicate payment"),
    "FF01": ("Format du fichier incorrect", "File format incorrect"),
    "FOCR": ("Retour après demande d’annulation", "Returned after a cancellation request"),
    "FRAD": ("Soupçon de fraude", "Suspected fraud"),
    "MD07": ("Titulaire du compte décédé", "Account holder deceased"),
    "MS02": ("Refus du client, motif non précisé", "Refused by the customer, reason not given"),
    "MS03": ("Refus de la banque, motif non précisé", "Refused by the bank, reason not given"),
    "NARR": ("Motif donné en texte par la banque", "Reason given by the bank as a text"),
    "RC01": ("Identifiant de la banque (BIC) incorrect", "Bank identifier (BIC) incorrect"),
    "RR01": ("Compte ou identifiant du débiteur absent", "Debtor’s account or identification missing"),
    "RR02": ("Nom ou adresse du débiteur absent", "Debtor’s name or address missing"),
    "RR03": ("Nom ou adresse du bénéficiaire absent", "Payee’s name or address missing"),
    "RR04": ("Motif réglementaire", "Regulatory reason"),
    "TECH": ("Incident technique", "Technical problem"),
    "TM01": ("Fichier reçu après l’heure limite", "File received after the cut-off time"),
}
UNLISTED = ("Motif de la banque, code {code}", "Bank’s reason, code {code}")


def words_of(code: str) -> Reason:
    """A code with its words in each language; one that is not in the list is given as it is."""
    fr, en = WORDS.get(code, UNLISTED)
    return Reason(code, fr.format(code=code), en.format(code=code))
