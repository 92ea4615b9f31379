from django.urls import path

from radrate.reading import converters  # noqa: F401  (registers `token`)
from radrate.reading.delivery import blinded_image

urlpatterns = [path("<token:token>", blinded_image, name="blinded_image")]
