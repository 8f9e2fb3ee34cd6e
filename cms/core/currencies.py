"""The currencies that Stripe charges, and how it counts in them.

Source: https://docs.stripe.com/currencies (read on 28 November 2026): presentment currencies, those of no and
of three decimals, special cases, minimum and maximum charge amounts. Babel counts ten of them otherwise (RSD,
ISK and UGX have no decimals there), so it is asked for names and symbols only.

Left out: ANG and STD, which Stripe still lists and no country uses. HUF and TWD are whole in payouts only.
"""

import copy
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale

NO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
TWO_DECIMALS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP
    CRC CVE CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD
    KES KGS KHR KYD KZT LAK LBP LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS
    TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW
"""
# Two decimals that are always 00: 5 ISK is 500.
TWO_DECIMALS_ALWAYS_NOUGHT = "ISK UGX"
# The last digit is always 0: 5.124 KWD is charged as 5120 or 5130.
THREE_DECIMALS_LAST_NOUGHT = "BHD JOD KWD OMR TND"

# The least that can be charged, in minor units, where it is paid out in the same currency. Of the others
# Stripe says only that they must be worth as much as the least of the currency in which they are paid out.
SMALLEST = {
    30: "GBP",
    50: "ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR",
    200: "AED MYR PLN RON",
    250: "DKK",
    300: "NOK SEK",
    400: "HKD",
    1000: "MXN THB",
    1500: "CZK",
    17500: "HUF",
}
# The most, by every way to pay: eight digits, but for these.
LARGEST = 99_999_999
MORE_THAN_LARGEST = {"INR": 999_999_999, "COP": 9_999_999_999, "IDR": 999_999_999_999}

# CLDR's currency spacing, which Babel leaves out: ISK 500, but £500.
LETTER_BESIDE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Currency:
    """How Stripe counts in a currency. Amounts are whole minor units; each is a multiple of `step`."""

    code: str
    exponent: int  # a major unit is 10 ** exponent minor units
    step: int  # the smallest difference between two amounts, in minor units
    smallest: int  # the least that can be charged, in minor units
    largest: int  # the most that can be charged, in minor units

    @property
    def decimals(self) -> int:
        """How many decimals an amount can have when it is written in major units."""
        return self.exponent - (len(str(self.step)) - 1)

    def is_exact(self, amount: int) -> bool:
        """Return whether Stripe takes an amount with these last digits."""
        return amount % self.step == 0

    def rounded(self, amount: Decimal) -> int:
        """Return the nearest amount that exists, in minor units; halves go up."""
        return int((amount / self.step).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * self.step

    def rounded_down(self, amount: int) -> int:
        """Return the next amount that exists and is no larger, in minor units."""
        return amount // self.step * self.step

    def rounded_up(self, amount: int) -> int:
        """Return the next amount that exists and is no smaller, in minor units."""
        return -self.rounded_down(-amount)


def _table() -> dict[str, Currency]:
    kinds = (
        (NO_DECIMALS, 0, 1),
        (TWO_DECIMALS, 2, 1),
        (TWO_DECIMALS_ALWAYS_NOUGHT, 2, 100),
        (THREE_DECIMALS_LAST_NOUGHT, 3, 10),
    )
    smallest = {code: amount for amount, codes in SMALLEST.items() for code in codes.split()}
    return {
        code: Currency(
            code,
            exponent,
            step,
            smallest=smallest.get(code, step),
            largest=MORE_THAN_LARGEST.get(code, LARGEST) // step * step,
        )
        for codes, exponent, step in kinds
        for code in codes.split()
    }


CURRENCIES = _table()


def currency_of(code: str) -> Currency:
    """Return how to count in a currency; one that Stripe does not charge counts with two decimals."""
    return CURRENCIES.get(code.upper()) or Currency(code.upper(), 2, 1, 1, LARGEST)


def to_decimal(amount: int, code: str) -> Decimal:
    """Return the amount in major units, with the decimals that amounts of the currency can have.

    9900 USD gives Decimal("99.00"), 500 JPY gives Decimal("500"), 990000 ISK gives Decimal("9900").
    """
    currency = currency_of(code)
    decimals = currency.decimals if currency.is_exact(amount) else currency.exponent
    return Decimal(amount).scaleb(-currency.exponent).quantize(Decimal(1).scaleb(-decimals))


def written(amount: int, code: str, locale: str, *, all_decimals: bool = False) -> str:
    """Return the amount as people write it, without decimals where it is whole: $99, $99.50."""
    value = to_decimal(amount, code)
    pattern = copy.copy(Locale.parse(locale).currency_formats["standard"])
    is_short = not all_decimals and value == value.to_integral_value()
    decimals = 0 if is_short or not value.as_tuple().exponent else currency_of(code).exponent
    pattern.frac_prec = (decimals, decimals)
    text = pattern.apply(value, locale, currency=code, currency_digits=False).replace("US$", "$")
    return LETTER_BESIDE_DIGIT.sub(NO_BREAK_SPACE, text)
