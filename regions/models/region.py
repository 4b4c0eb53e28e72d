"""Territory: the eighteen regions, with the time zone their deadlines live in."""

from django.db import models


class Region(models.Model):
    """A French region; `code` is the INSEE code, a string (« 04 » keeps its zero)."""

    code = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=60)
    article = models.CharField(max_length=3, blank=True)
    nuts1 = models.CharField(max_length=4)
    nuts2 = models.CharField(max_length=20)
    iso_code = models.CharField(max_length=8)
    seat = models.CharField(max_length=60)
    status = models.CharField(max_length=40)
    time_zone = models.CharField(max_length=40)
    siret = models.CharField("SIRET", max_length=14, blank=True)  # who grants, in the registers and open data
    # What letters say of the service in charge; filled, like the SIRET, by the region's administrator.
    service = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    address = models.TextField(blank=True)
    court_name = models.CharField(max_length=120, blank=True)
    court_address = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
