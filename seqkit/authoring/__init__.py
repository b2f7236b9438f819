"""Turn solutions into lessons and into what students receive."""
