"""The certificate of a private authority: where an image looks for it, and what it says when it has found one."""
import os

from release import since
from say import say

PLACE = "/var/lib/rancher/etc/ssl/ca.crt"


def take_certificate():
    # From 1.3 on there is one place; the older one is ignored without a word.
    places = [PLACE] if since("v1.3.0") else ["/ca.crt", PLACE]
    if not any(os.path.isfile(place) for place in places):
        return
    say("Adding ca.crt to Certs.")
    say("Updating certificates in /etc/ssl/certs... 1 added, 0 removed; done.")
    say("Running hooks in /etc/ca-certificates/update.d....done.")
    if since("v1.3.0"):
        say("Certificate was added to keystore")
