"""How tests ask for the waves of a survey, compared."""

__all__ = ["COMPARISONS"]

COMPARISONS = """
{
  survey {
    comparisons {
      heading
      waves { name fieldworkFrom fieldworkTo baseSize }
      answers { text points { wave percentage figure count rank } }
      table { caption columns rows }
      chart { vegaLite svgUrl darkSvgUrl: svgUrl(theme: DARK) alternative }
    }
  }
}
"""
