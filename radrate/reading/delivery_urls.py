from django.urls import path

from radrate.reading.delivery import blinded_image

urlpatterns = [path("<path:token>", blinded_image, name="blinded_image")]
