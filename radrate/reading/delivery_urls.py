from django.urls import path

from radrate.reading.delivery import blinded_image

urlpatterns = [path("<path:address>", blinded_image, name="blinded_image")]
