"""The forms of a draft: the only writers of its facts. What they accept is saved, what they refuse is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications import self_diagnosis
from applications.enums import ApplicationState
from applications.forms.fields import Days, Euros, IndependenceField, YesNoField, figure, tongue
from applications.models import Application, ApplicationLine, Company
from applications.models.application import live
from applications.rules import difficulty, terms
from regions import clock
from regions.enums import AccreditationState
from regions.models import Accreditation, Expert, Provider, Scheme, User, in_force


class OpenForm(forms.Form):
    """Open a draft for a firm under a scheme: takes the next number and the version in force."""

    company = forms.ModelChoiceField(Company.objects.none(), label=_("Entreprise"))

    def __init__(self, *args: Any, user: User, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.scheme = user, scheme
        companies = live(user.mandates, None).values("company")
        field: Any = self.fields["company"]
        field.queryset = Company.objects.filter(pk__in=companies)

    def save(self) -> Application:
        """Create the draft, prefilled with the latest figures known of the firm."""
        company: Company = self.cleaned_data["company"]
        with transaction.atomic():
            scheme = Scheme.objects.select_for_update(of=("self",)).get(pk=self.scheme.pk)
            number, scheme.next_number = scheme.next_number, scheme.next_number + 1
            scheme.save(update_fields=["next_number"])
            return self._create(scheme, company, number)

    def _create(self, scheme: Scheme, company: Company, number: int) -> Application:
        day = clock.today(scheme.region.time_zone)
        return Application.objects.create(
            reference=f"{scheme.prefix}-{day.year}-{number:05d}", region=scheme.region,
            scheme_version=scheme.version_on(day), company=company, representative=self.user,
            manager=self.user.person, headcount=company.headcount, turnover=company.turnover,
            balance_sheet=company.balance_sheet, naf_code=company.naf_code,
            naf_nomenclature=company.naf_nomenclature, legal_category=company.legal_category,
            commune=company.commune, created_at=clock.now(),
        )  # fmt: skip


class DraftForm(forms.ModelForm):
    """A part of a draft's facts: a missing fact may wait, a wrong one is refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("headcount", "turnover", "balance_sheet", "declared_de_minimis", "other_public_aid"):
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("headcount", "turnover", "balance_sheet", "declared_de_minimis", "other_public_aid"):
            if data.get(name) is not None and data[name] < 0:
                self.add_error(name, _("Indiquer un nombre positif ou zéro."))
        level = data.get("digital_intensity_before")
        if level is not None and level > 12:
            self.add_error("digital_intensity_before", _("L’intensité numérique va de 0 à 12."))
        return only_draft(self, data, self.instance)


class FactsForm(DraftForm):
    """The firm's facts and declarations, all at once."""

    independent = IndependenceField()
    capital_lost, insolvent, rescue_aid = YesNoField(), YesNoField(), YesNoField()

    class Meta:
        model = Application
        fields = [
            "headcount",
            "turnover",
            "balance_sheet",
            "independent",
            "title",
            "works_start_on",
            "declared_de_minimis",
            "other_public_aid",
            "digital_intensity_before",
            *difficulty.QUESTIONS,
            "declared_accurate",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The questions on difficulty are asked only where the law behind the scheme asks them."""
        super().__init__(*args, **kwargs)
        if not terms.asks_difficulty(self.instance.scheme_version.rules):
            for name in difficulty.QUESTIONS:
                del self.fields[name]


class ProjectForm(DraftForm):
    """Step 2: the project, and whether anything is signed yet."""

    class Meta:
        model = Application
        fields = ["title", "works_start_on", "self_diagnosis", "digital_intensity_before"]
        labels = {
            "title": _("Votre projet en une phrase"),
            "works_start_on": _("Devis déjà signé ou acompte versé : à quelle date ?"),
            "self_diagnosis": _("Référence de votre autodiagnostic"),
            "digital_intensity_before": _("Intensité numérique avant le projet, de 0 à 12"),
        }
        help_texts = {
            "title": _("Par exemple : un site marchand pour vendre nos fromages."),
            "works_start_on": _("Laisser vide si rien n’est signé. Ne signez pas avant notre courrier."),
            "self_diagnosis": _("Elle commence par AD ; elle est au bas du résultat de l’autodiagnostic."),
            "digital_intensity_before": _(
                "Le nombre de pratiques déjà en place parmi douze : site, vente en ligne, réseaux sociaux, "
                "facturation électronique, logiciel de gestion, fichier clients, nuage, visioconférence, "
                "données analysées, sécurité, personne compétente, formation."
            ),
        }
        widgets = {
            "title": forms.TextInput(),
            "works_start_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "digital_intensity_before": forms.NumberInput(attrs={"min": 0, "max": 12, "inputmode": "numeric"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The self-diagnosis is asked only where the scheme makes it a prior step."""
        super().__init__(*args, **kwargs)
        if not self_diagnosis.asked_by(self.instance.scheme_version.rules):
            del self.fields["self_diagnosis"]

    def clean_self_diagnosis(self) -> str:
        """Empty may wait; a reference that the house never gave is refused."""
        text: str = self.cleaned_data["self_diagnosis"]
        found = self_diagnosis.read(text)
        if text and found is None:
            raise forms.ValidationError(
                _("Cette référence n’est pas connue : la recopier, ou refaire l’autodiagnostic.")
            )
        return found.reference if found else ""


class DifficultyForm(DraftForm):
    """Whether the firm is in difficulty (GBER, art. 2(18)), asked where the law leaves such firms out."""

    capital_lost = YesNoField(
        label=_("Les pertes ont-elles fait disparaître plus de la moitié du capital ?"),
        help_text=_(
            "Oui si, au dernier bilan, les capitaux propres sont inférieurs à la moitié du capital souscrit, primes "
            "d’émission comprises. Non pour une entreprise individuelle ou une association sans capital."
        ),
    )
    insolvent = YesNoField(
        label=_("L’entreprise est-elle en procédure collective, ou en cessation des paiements ?"),
        help_text=_(
            "Sauvegarde, redressement ou liquidation judiciaire, ouverts ou que vos créanciers pourraient demander. "
            "La sauvegarde est comptée par prudence : à confirmer avec la région."
        ),
    )
    rescue_aid = YesNoField(
        label=_("A-t-elle une aide au sauvetage à rembourser, ou une aide à la restructuration en cours ?"),
        help_text=_("Ces aides portent ces noms dans leur décision ; la plupart des entreprises n’en ont jamais reçu."),
    )

    class Meta:
        model = Application
        fields = ["capital_lost", "insolvent", "rescue_aid"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A young firm is told that the first criterion does not hold against it."""
        super().__init__(*args, **kwargs)
        file, field = self.instance, self.fields["capital_lost"]
        if difficulty.is_young(file.company.created_on, clock.today(file.zone)):
            young = _("Votre entreprise a moins de trois ans : si c’est une PME, cette perte ne l’écarte pas.")
            field.help_text = format_lazy("{} {}", field.help_text, young)


class AidForm(DraftForm):
    """Step 5: other public aid; zero is an answer, an empty box is none."""

    declared_de_minimis = Euros(
        label=_("Aides de minimis reçues sur trois ans, en euros"),
        required=False,
        help_text=_(
            "Le total pour votre entreprise et celles qui lui sont liées. Le courrier d’octroi de ces aides "
            "porte les mots « de minimis ». Écrire 0 s’il n’y en a pas."
        ),
    )
    other_public_aid = Euros(
        label=_("Autres aides publiques sur ce projet, en euros (facultatif)"),
        required=False,
        help_text=_("Obtenues ou demandées : État, département, commune, chambre consulaire."),
    )

    class Meta:
        model = Application
        fields = ["declared_de_minimis", "other_public_aid"]


class DeclarationForm(DraftForm):
    """The last step: the declaration without which nothing is filed."""

    declared_accurate = forms.BooleanField(
        label=_(
            "Je certifie l’exactitude de ces informations, n’avoir signé aucun devis avant la décision de la région, "
            "et m’engage à signaler toute autre aide publique."
        ),
        error_messages={"required": _("Cocher cette case pour déposer la demande.")},
    )

    class Meta:
        model = Application
        fields = ["declared_accurate"]


def only_draft(form: forms.BaseForm, data: dict[str, Any], application: Application) -> dict[str, Any]:
    """What was filed is frozen: a filed form cannot be rewritten."""
    if application.state not in (ApplicationState.DRAFT, ApplicationState.TO_COMPLETE):
        form.add_error(None, _("Ce dossier est déposé : il ne peut plus être modifié ici."))
    return data


def categories_for(application: Application) -> list[tuple[str, Any]]:
    """The categories that a draft may name, in the reader's language; what its analysis left out says so."""
    rules, level = application.scheme_version.rules, application.level
    return [(c["code"], _category_words(application, c)) for c in terms.categories(rules, level)]


def _category_words(application: Application, category: Any) -> str:
    words: str = category["label"][tongue()]
    entry = terms.level_of(application.scheme_version.rules, application.level)
    of_level = entry is not None and category["code"] in entry["categories"]
    earlier = application.follows
    if not of_level or application.level == 1 or earlier is None or category["code"] in earlier.recommended:
        return words
    return now_("%s (l’analyse ne le recommande pas)") % words


class LineForm(forms.ModelForm):
    """A line of the quote, excl. VAT; its category is one of the scheme's, its days where they are priced."""

    category = forms.ChoiceField(label=_("Dépense"))
    quantity = Days(label=_("Nombre de jours"))
    amount = Euros(label=_("Montant hors taxes, en euros"))

    class Meta:
        model = ApplicationLine
        fields = ["category", "label", "quantity", "amount", "hardware"]
        labels = {
            "label": _("Libellé, comme sur le devis"),
            "hardware": _("C’est un équipement matériel (ordinateur, caisse, appareil)"),
        }

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["category"]
        field.choices = [("", _("Choisir")), *categories_for(application)]
        days = terms.day_terms(application.scheme_version.rules, application.level)
        if days is None:
            del self.fields["quantity"]
        else:
            self.fields["quantity"].help_text = _(
                "Chaque jour est aidé jusqu’à %(price)s €, %(most)s jours au plus."
            ) % {"price": figure(days["day_rate_ceiling"]), "most": days["days_max"]}

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("Indiquer le montant hors taxes de la ligne, supérieur à zéro."))
        return amount

    def clean(self) -> dict[str, Any]:
        return only_draft(self, super().clean() or {}, self.application)

    def save(self, commit: bool = True) -> ApplicationLine:
        """Number a new line after the last one: a line taken away leaves its number unused."""
        line: ApplicationLine = super().save(commit=False)
        line.application = self.application
        with transaction.atomic():
            Application.objects.select_for_update(of=("self",)).get(pk=self.application.pk)
            last = self.application.lines.order_by("-number").first()
            line.number = line.number or (last.number + 1 if last else 1)
            line.save()
        return line


class LineRemoval(forms.Form):
    """Take a line away from a draft."""

    line = forms.ModelChoiceField(ApplicationLine.objects.none())

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        field: Any = self.fields["line"]
        field.queryset = application.lines.all()

    def clean(self) -> dict[str, Any]:
        return only_draft(self, super().clean() or {}, self.application)

    def save(self) -> None:
        self.cleaned_data["line"].delete()


def providers_for(application: Application, asked: str = "") -> QuerySet[Provider]:
    """The providers that a firm may choose: accredited today where the scheme asks for it, by name or SIRET."""
    providers = Provider.objects.order_by("name", "pk")
    if application.scheme_version.rule("provider", "accreditation_required", default=False):
        today = in_force(clock.today(application.zone))
        live_ones = Accreditation.objects.filter(
            today, scheme=application.scheme_version.scheme, state=AccreditationState.ACTIVE
        )
        providers = providers.filter(pk__in=live_ones.values("provider"))
    if not asked:
        return providers
    return providers.filter(Q(name__icontains=asked) | Q(siret__startswith="".join(asked.split())))


class ProviderForm(forms.ModelForm):
    """The provider chosen, any accredited or listed one, and one of its experts if the firm has a preference."""

    class Meta:
        model = Application
        fields = ["provider", "expert"]
        error_messages = {
            "provider": {"invalid_choice": _("Ce prestataire n’est pas habilité aujourd’hui : en choisir un autre.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["provider"].queryset = providers_for(self.instance)
        fields["expert"].queryset = Expert.objects.filter(left_on__isnull=True)

    def clean(self) -> dict[str, Any]:
        data = only_draft(self, super().clean() or {}, self.instance)
        expert = data.get("expert")
        if expert is not None and expert.provider != data.get("provider"):
            self.add_error("expert", _("Cette personne ne travaille pas chez ce prestataire : en choisir une autre."))
        return data
