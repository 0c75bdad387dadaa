"""The one place that asks what time it is."""

import os
from datetime import UTC, datetime


def now() -> str:
    """The current time, UTC, ISO 8601 with "Z".

    `SOURCE_DATE_EPOCH` (seconds since 1970) stands in for the clock when set, so that a run can be repeated to the byte.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
