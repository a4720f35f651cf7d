"""A source that says the contrary in any of its clauses is told from one that says the same."""

import pytest

from rag.clauses.contrary import contradicted

VAULT = "The Vault plan costs 4.90 euros per month. It keeps clips for 30 days and cannot be shared."
CONTRARY = [
    ("The Vault plan can be shared.", VAULT),
    ("The Vault plan does not keep clips for 30 days.", VAULT),
    ("Sharing the Vault plan is allowed.", VAULT),
    ("The Vault plan can be shared.", "Sharing the Vault plan is prohibited."),
    ("Gift cards are refunded.", "Devices can be sent back, but we do not refund gift cards."),
    ("Fees are included.", "Fees are excluded."),
    ("The office is open on Sunday.", "The office is closed on Sunday."),
    ("The alarm sounds.", "The alarm never sounds."),
    ("Visitors must use the side door.", "Visitors may use the side door."),
    ("Sensors must be replaced.", "Sensors need not be replaced."),
    ("Sensors need not be replaced.", "Sensors must be replaced."),
    ("Sensors must not be replaced.", "Sensors do not have to be replaced."),
    ("The hub supports at least 40 sensors.", "The hub supports at most 40 sensors."),
    ("Send it back after 14 days.", "Send it back within 14 days."),
    ("Backups are made after the update is installed.", "Backups are made before the update is installed."),
    ("Returns are free unless the device is faulty.", "Returns are free if the device is faulty."),
    ("The Basic plan includes support.", "All plans except Basic include support."),
    ("The lid is not waterproof.", "The lid is red."),
]
NOT_CONTRARY = [
    ("The Vault plan keeps clips for 30 days.", VAULT),
    ("The Vault plan cannot be shared.", VAULT),
    ("It is not possible to share the Vault plan.", VAULT),
    ("Devices can be sent back.", "Devices can be sent back, but we do not refund gift cards."),
    ("The office is open on Monday.", "The office is open on Monday and closed on Sunday."),
    ("The camera can be used outdoors.", "The camera cannot be used with the hub. The camera can be used outdoors."),
    ("Returns are possible within 30 days.", "Returns from Malta are not possible. Returns take at most 30 days."),
    ("Devices cannot be sent back after 14 days.", "Devices can be sent back within 14 days."),
    ("Sensors can be replaced.", "Sensors need not be replaced."),
    ("The update is installed after backups are made.", "Backups are made before the update is installed."),
    ("Returns are not free unless the device is faulty.", "Returns are free if the device is faulty."),
    ("The Basic plan does not include support.", "All plans except Basic include support."),
    ("The hub supports up to 40 sensors.", "The hub supports at most 40 sensors."),
    ("The hub supports up to 40 sensors.", "The hub takes 40 sensors. The gateway supports at least 40 sensors."),
    ("The animals have to be shorn.", "The animals can only be shorn, and have to be caught."),
    ("Members pay no fee.", "Members do not pay a fee."),
    ("Smoking is not allowed.", "No smoking is allowed."),
    ("Visitors must not enter the lab.", "No visitors may enter the lab."),
    ("The plan does not include support.", "The plan includes no support."),
    ("The contract starts in May.", "The contract starts in May and ends after 24 months."),
    ("The key locks the door.", "The key locks and unlocks the door."),
    ("You cannot pay in cash.", "You can pay by card, but not in cash."),
    ("Dogs are not allowed in the pool.", "Dogs are allowed in the garden, but not in the pool."),
    ("No password is required.", "A password is not required."),
]


@pytest.mark.parametrize(("claim", "source"), CONTRARY)
def test_the_contrary(claim, source):
    assert contradicted(claim, source)


@pytest.mark.parametrize(("claim", "source"), NOT_CONTRARY)
def test_not_the_contrary(claim, source):
    assert not contradicted(claim, source)
