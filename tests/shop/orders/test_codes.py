import secrets

from shop.orders.codes import ALPHABET, CODE_LENGTH, new_code, new_secret


def test_a_code_holds_nothing_that_is_mistaken_for_something_else():
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set("0O1IL2Z5S8BAEU") & set(ALPHABET)


def test_a_code_without_a_letter_is_drawn_again(monkeypatch):
    drawn = iter("34679346" + "99999999" + "7C346793")
    monkeypatch.setattr(secrets, "choice", lambda alphabet: next(drawn))

    assert new_code() == "7C346793"


def test_a_secret_holds_192_bits_and_fits_into_an_address():
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {32}  # 24 bytes in base 64
    assert all(secret.replace("-", "").replace("_", "").isalnum() for secret in secrets)
