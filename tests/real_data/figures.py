#!/usr/bin/env python3
"""What the two real files come to, worked out with nothing but csv, datetime and decimal.

usage: figures.py FOLDER   prints JSON; sums are text
"""
import csv, json, sys
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal, ROUND_HALF_UP

CENT = Decimal('0.01')
BUCKETS = [(0, 'not_due'), (30, 'days_1_30'), (60, 'days_31_60'), (90, 'days_61_90')]


def bucket(due, day):
    return next((name for days, name in BUCKETS if (day - due).days <= days), 'over_90')


def as_of(items, day):
    """items: (customer, issued, due, amount, settled or None); what each customer owes at the end of a day."""
    customers, buckets = defaultdict(Decimal), defaultdict(Decimal)
    for customer, issued, due, amount, settled in items:
        if issued <= day and (settled is None or settled > day):
            customers[customer] += amount
            buckets[bucket(due, day)] += amount
    return {
        'total': str(sum(customers.values(), Decimal('0.00'))),
        'customers': {c: str(v) for c, v in sorted(customers.items())},
        'buckets': {name: str(buckets.get(name, Decimal('0.00'))) for name in [n for _, n in BUCKETS] + ['over_90']},
    }


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def iso(text):
    return datetime.strptime(text, '%Y-%m-%d')


def late_payments(folder):
    items = []
    for _, row in rows(f'{folder}/late-payments.csv'):
        day = lambda column: datetime.strptime(row[column], '%m/%d/%Y')
        amount = Decimal(row['InvoiceAmount']).quantize(CENT)
        items.append((row['customerID'], day('InvoiceDate'), day('DueDate'), amount, day('SettledDate')))
    days = ['2012-03-31', '2012-12-31', '2013-06-30', '2013-11-15', '2013-12-31', '2014-01-31']
    return {
        'rows': len(items),
        'customers': len({i[0] for i in items}),
        'total': str(sum(i[3] for i in items)),
        'as_of': {day: as_of(items, iso(day)) for day in days},
    }


def open_items(folder, keep, reason, column):
    """keep: does a row come in?  Those that don't are refused for the reason, in the column."""
    items, refused, names, late = [], [], defaultdict(list), 0
    rounded, difference, refused_sum = 0, Decimal(0), Decimal(0)
    for line, row in rows(f'{folder}/open-items.csv'):
        exact = Decimal(row['converted_usd'])
        if not keep(row, exact):
            refused.append([line, column, row[column], reason])
            refused_sum += exact
            continue
        amount = exact.quantize(CENT, ROUND_HALF_UP)
        if amount != exact:
            rounded += 1
            difference += amount - exact
        day = lambda column: datetime.strptime(row[column], '%d-%m-%Y')
        late += day('due_in_date') < day('posting_date')
        names[row['cust_number']].append(' '.join(row['name_customer'].split()))
        items.append((row['cust_number'], day('posting_date'), day('due_in_date'), amount, None))
    several = [len(set(n)) for n in names.values() if len(set(n)) > 1]
    # Of names that come equally often the first in the file counts: Counter keeps the order of insertion.
    chosen = {c: Counter(n).most_common(1)[0][0] for c, n in names.items()}
    days = ['2020-03-31', '2020-04-30', '2020-05-31', '2020-07-31', '2020-12-31']
    return {
        'rows': len(items) + len(refused),
        'taken': len(items),
        'taken_sum': str(sum(i[3] for i in items)),
        'refused': refused,
        'refused_sum': str(refused_sum),
        'rounded': rounded,
        'rounding_difference': str(difference),
        'due_before_issued': late,
        'customers': len(names),
        'customers_with_aliases': len(several),
        'alias_names': sum(several) - len(several),
        'names': chosen,
        'as_of': {day: as_of(items, iso(day)) for day in days},
    }


folder = sys.argv[1]
two_places = lambda row, amount: -amount.normalize().as_tuple().exponent <= 2
json.dump({
    'late_payments': late_payments(folder),
    'open_items': open_items(folder, lambda r, a: r['business_code'] != 'CA02', 'import.currency_other', 'business_code'),
    'open_items_converted': open_items(folder, lambda r, a: True, '', ''),
    'open_items_exact': open_items(folder, two_places, 'import.amount_too_precise', 'converted_usd'),
}, sys.stdout, ensure_ascii=False)
