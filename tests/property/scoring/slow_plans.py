"""A second, plain scoring of plans, written from the manual: documents in, documents out.

It shares no code with the program: no dataclasses, no readers, its own arithmetic on integers
over a common denominator where rounding is asked.
"""

from fractions import Fraction


def number(written):
    text = str(written)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def half_up(value, unit):
    doubled = 2 * value / unit + 1
    return Fraction(doubled.numerator // (2 * doubled.denominator)) * unit


def rounded(value, rule):
    return half_up(value, number(rule["to"])) if rule else value


def on_tiers(method, value, is_up):
    tiers = [(number(t["goal"]), number(t["earns"])) for t in method["tiers"]]
    met = [pair for pair in tiers if (value >= pair[0] if is_up else value <= pair[0])]
    if not met:
        return number(method.get("below", 0))
    if method["kind"] == "steps" or len(met) == len(tiers):
        return rounded(met[-1][1], method.get("round"))
    (g0, e0), (g1, e1) = met[-1], tiers[len(met)]
    return rounded((e0 * (g1 - value) + e1 * (value - g0)) / (g1 - g0), method.get("round"))


def on_achievement(method, value, baseline, is_up):
    sign = 1 if is_up else -1
    value, threshold, benchmark = (
        sign * v for v in (value, number(method["threshold"]), number(method["benchmark"]))
    )
    if value >= benchmark:
        achieved = Fraction(10)
    elif value < threshold:
        achieved = Fraction(0)
    else:
        achieved = half_up(9 * (value - threshold) / (benchmark - threshold) + Fraction(1, 2), 1)
    if baseline is None or value <= sign * baseline:
        return achieved
    if value >= benchmark:
        return max(achieved, 9)
    way = (value - sign * baseline) / (benchmark - sign * baseline)
    return max(achieved, min(9, max(0, half_up(10 * way - Fraction(1, 2), 1))))


def on_band(method, value, points):
    low, high = number(method["low"]), number(method["high"])
    margin = number(method.get("margin", 0))
    off = low - value if value < low else value - high if value > high else 0
    return points if not off else points * max(0, 1 - off / margin) if margin else 0


def on_change(method, value, baseline, is_up):
    """The change of a value, turned so that more is better; None where there is none."""
    if baseline is None or (method["of"] == "relative" and baseline == 0):
        return None
    better = value - baseline if is_up else baseline - value
    if method["of"] == "difference":
        return better
    if method["of"] == "relative":
        return better / abs(baseline)
    goal = number(method["goal"])
    if (baseline >= goal) if is_up else (baseline <= goal):
        return Fraction((value >= goal) if is_up else (value <= goal))
    return better / abs(goal - baseline)


def points_of(indicator, value, baseline):
    method = indicator["method"]
    if method["kind"] == "best_of":
        every = [points_of({**indicator, "method": m}, value, baseline) for m in method["methods"]]
        return max(every)
    if method["kind"] == "change":
        change = on_change(method, value, baseline, indicator["improvement"] == "increase")
        kind = "line" if method["line"] else "steps"
        if change is None:
            return number(method["without_baseline"])
        return on_tiers({**method, "kind": kind}, change, True)
    return points_of_one(indicator, value, baseline)


def points_of_one(indicator, value, baseline):
    method, is_up = indicator["method"], indicator["improvement"] == "increase"
    kind = method["kind"]
    if kind in ("steps", "line"):
        return on_tiers(method, value, is_up)
    if kind == "achievement_improvement":
        return on_achievement(method, value, baseline, is_up)
    if kind == "band":
        return on_band(method, value, available(indicator))
    return value


def available(indicator):
    usual = 10 if indicator["method"]["kind"] == "achievement_improvement" else 1
    return number(indicator.get("points", usual))


def points_by_slug(plan, results):
    points = {}
    for each in plan["indicators"]:
        value, baseline = results[each["slug"]]
        rule = each.get("round_result")
        baseline = None if baseline is None else rounded(baseline, rule)
        if value is not None:
            points[each["slug"]] = points_of(each, rounded(value, rule), baseline)
    return points


def domain_of(plan, domain, points):
    """Return a domain's score or None, its weight, and the part of each indicator of it."""
    members = [each for each in plan["indicators"] if each["domain"] == domain["slug"]]
    is_points = domain["score"] == "earned_of_available"
    heavy = {
        each["slug"]: (available(each) if is_points else 1) * number(each.get("weight", 1))
        for each in members
    }
    scored = [each for each in members if each["slug"] in points]
    weight = number(domain["weight"])
    if len(scored) < domain.get("minimum_scored", 1):
        whole = sum(heavy.values())
        return None, weight, {slug: part / whole for slug, part in heavy.items()}
    counted = members if plan["missing"]["indicators"] == "unpaid" else scored
    whole = sum(heavy[each["slug"]] for each in counted)
    earned = sum(heavy[each["slug"]] * points[each["slug"]] / available(each) for each in scored)
    if plan["missing"]["indicators"] == "redistribute_across":
        weight *= whole / sum(heavy.values())
    parts = {each["slug"]: heavy[each["slug"]] / whole for each in counted}
    return 100 * earned / whole, weight, parts


def score(plan, results):
    """Return points by slug, domain scores by slug, the total and the cents of the pool."""
    points = points_by_slug(plan, results)
    found = {d["slug"]: domain_of(plan, d, points) for d in plan["domains"]}
    scores = {slug: score for slug, (score, _, _) in found.items() if score is not None}
    if len(scores) < plan["total"]["minimum_domains"]:
        return points, scores, None, None
    keeps = plan["missing"]["domains"] == "unpaid"
    held = {slug: weight for slug, (_, weight, _) in found.items() if keeps or slug in scores}
    whole = sum(held.values())
    total = sum(held[slug] * scores[slug] for slug in scores) / whole
    shares = []
    for each in plan["indicators"]:
        slug, domain = each["slug"], each["domain"]
        weight = held.get(domain, 0) * found[domain][2].get(slug, 0) / whole
        earned = points.get(slug, 0) / available(each) if domain in scores else 0
        shares.append((weight, Fraction(earned)))
    return points, scores, total, cents(number(plan["pay"][0]["amount"]) * 100, shares)


def cents(pool, shares):
    """Give whole cents one at a time to whoever lacks most; then take each one's share."""
    exact = [pool * weight for weight, _ in shares]
    given = [int(amount) for amount in exact]
    while sum(given) < pool:
        lacking = [amount - have for amount, have in zip(exact, given, strict=True)]
        given[lacking.index(max(lacking))] += 1
    return sum(half_up(have * share, 1) for have, (_, share) in zip(given, shares, strict=True))
