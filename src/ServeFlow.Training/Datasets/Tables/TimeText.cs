using System.Globalization;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads times as tables spell them: seconds, milliseconds, microseconds or nanoseconds since the Unix epoch, ISO 8601
/// with or without a zone (without one it is UTC), and dates with slashes, dots or dashes in any order, with AM and PM.
/// </summary>
static class TimeText
{
    const long Second = 1_000_000_000;

    /// <summary>Reads a time.</summary>
    /// <param name="column">The column's name without punctuation; one that ends in <c>ms</c> gives the unit.</param>
    /// <param name="time">The time, under both orders of day and month where the text leaves that open.</param>
    public static bool TryParse(string text, string column, out TableTime time)
    {
        time = default;
        if (text.AsSpan().IndexOfAny(":/") < 0 && !(text.Count(c => c == '-') == 2))
        {
            var isNumber = TryParseNumber(text, column, out var ns);
            time = new(ns, ns);
            return isNumber;
        }

        return new Scan(text).TryRead(out time);
    }

    /// <summary>Decimal, not double: a double of Unix seconds is exact to a quarter of a microsecond only.</summary>
    static bool TryParseNumber(string text, string column, out long ns)
    {
        ns = 0;
        var plain = text.Contains('.') || text.Count(c => c == ',') != 1 ? text : text.Replace(',', '.');
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var value) || value < 0 || IsRounded(plain))
        {
            return false;
        }

        var unit = UnitOf(column, value);
        if (unit == 0 || value >= long.MaxValue / (decimal)unit)
        {
            return false;
        }

        ns = (long)(value * unit);
        return true;
    }

    /// <summary>
    /// The number of nanoseconds in the unit; 0 where a number fits none. Of the four units at most one puts a number
    /// between the years 1973 and 2255.
    /// </summary>
    static long UnitOf(string column, decimal value) => column switch
    {
        _ when column.EndsWith("ms", StringComparison.Ordinal) || column.EndsWith("milliseconds",
            StringComparison.Ordinal) => 1_000_000,
        _ when column.EndsWith("microseconds", StringComparison.Ordinal) => 1000,
        _ when column.EndsWith("nanoseconds", StringComparison.Ordinal) => 1,
        _ => value switch
        {
            < 9_000_000_000m => Second,
            >= 100_000_000_000m and < 9_000_000_000_000m => 1_000_000,
            >= 100_000_000_000_000m and < 9_000_000_000_000_000m => 1000,
            >= 100_000_000_000_000_000m => 1,
            _ => 0,
        },
    };

    /// <summary>
    /// Determines whether a spreadsheet has rounded the number: 1.4992E+09 keeps the day, not the minute.
    /// </summary>
    static bool IsRounded(string text)
    {
        var exponent = text.AsSpan().IndexOfAny("eE");
        if (exponent < 0 || !int.TryParse(text.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out var power))
        {
            return false;
        }

        var point = text.AsSpan(0, exponent).IndexOf('.');
        var decimals = point < 0 ? 0 : exponent - point - 1;
        return power > decimals;
    }

    /// <summary>Reads a date with its time of day from left to right.</summary>
    ref struct Scan(string text)
    {
        readonly ReadOnlySpan<char> text = text;
        int at;

        public bool TryRead(out TableTime time)
        {
            time = default;
            if (!TryDate(out var dayFirst, out var monthFirst) || !TryDay(out var ofDay))
            {
                return false;
            }

            time = new(NsOf(dayFirst, ofDay), NsOf(monthFirst, ofDay));
            return time.DayFirst is not null || time.MonthFirst is not null;
        }

        static long? NsOf(DateTime? date, long ofDay) =>
            date is { } day ? ((day - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) + ofDay : null;

        bool TryDate(out DateTime? dayFirst, out DateTime? monthFirst)
        {
            (dayFirst, monthFirst) = (null, null);
            if (!TryNumber(out var a, out var digits) || at >= text.Length || text[at] is not ('-' or '/' or '.'))
            {
                return false;
            }

            var separator = text[at++];
            if (!TryNumber(out var b, out _) || at >= text.Length || text[at++] != separator
                || !TryNumber(out var c, out var lastDigits))
            {
                return false;
            }

            if (digits == 4)
            {
                dayFirst = monthFirst = DateOf(a, b, c);
            }
            else if (lastDigits == 4)
            {
                // Dots are the German and Russian way, which is day first.
                dayFirst = DateOf(c, b, a);
                monthFirst = separator == '.' ? dayFirst : DateOf(c, a, b);
            }

            return dayFirst is not null || monthFirst is not null;
        }

        static DateTime? DateOf(long year, long month, long day) =>
            year is >= 1970 and <= 2250 && month is >= 1 and <= 12
            && day >= 1 && day <= DateTime.DaysInMonth((int)year, (int)month)
                ? new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Utc)
                : null;

        /// <summary>Reads the time of day with its zone, as nanoseconds from the date's midnight in UTC.</summary>
        bool TryDay(out long ns)
        {
            ns = 0;
            if (at < text.Length && text[at] is 'T' or 't')
            {
                at++;
            }

            SkipSpaces();
            if (!TryNumber(out var hour, out _) || !Skip(':') || !TryNumber(out var minute, out _))
            {
                return false;
            }

            var second = 0L;
            var fraction = 0L;
            if (Skip(':') && (!TryNumber(out second, out _)
                || ((Skip('.') || Skip(',')) && !TryFraction(out fraction))))
            {
                return false;
            }

            SkipSpaces();
            if (!TryHalfOfDay(ref hour) || !TryZone(out var zone) || hour > 23 || minute > 59 || second > 59)
            {
                return false;
            }

            ns = ((((hour * 60) + minute - zone) * 60) + second) * Second + fraction;
            return at == text.Length;
        }

        /// <summary>Takes AM and PM: 12 AM is midnight, 12 PM is noon.</summary>
        bool TryHalfOfDay(ref long hour)
        {
            var isAfternoon = SkipWord("PM") || SkipWord("p.m.");
            if (!isAfternoon && !SkipWord("AM") && !SkipWord("a.m."))
            {
                return true;
            }

            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (isAfternoon ? 12 : 0);
            SkipSpaces();
            return true;
        }

        /// <summary>Reads the zone in minutes east of UTC: Z, UTC, +02:00, +0200 or +02.</summary>
        bool TryZone(out long minutes)
        {
            minutes = 0;
            if (at == text.Length || SkipWord("Z") || SkipWord("UTC") || SkipWord("GMT"))
            {
                return true;
            }

            var sign = text[at] switch { '+' => 1, '-' or '\u2212' => -1, _ => 0 };
            at++;
            if (sign == 0 || !TryNumber(out var hours, out var digits))
            {
                return false;
            }

            var rest = 0L;
            if (digits == 4)
            {
                (hours, rest) = (hours / 100, hours % 100);
            }
            else if (Skip(':') && !TryNumber(out rest, out _))
            {
                return false;
            }

            minutes = sign * ((hours * 60) + rest);
            return hours <= 14 && rest < 60;
        }

        bool TryNumber(out long value, out int digits)
        {
            (value, digits) = (0, 0);
            while (at < text.Length && char.IsAsciiDigit(text[at]) && digits < 9)
            {
                value = (value * 10) + (text[at++] - '0');
                digits++;
            }

            return digits > 0;
        }

        /// <summary>Reads digits after the point as nanoseconds; what is finer is cut off.</summary>
        bool TryFraction(out long ns)
        {
            ns = 0;
            var digits = 0;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++, digits++)
            {
                ns = digits < 9 ? (ns * 10) + (text[at] - '0') : ns;
            }

            for (var i = digits; i < 9; i++)
            {
                ns *= 10;
            }

            return digits > 0;
        }

        void SkipSpaces()
        {
            while (Skip(' '))
            {
            }
        }

        bool Skip(char c)
        {
            var isThere = at < text.Length && text[at] == c;
            at += isThere ? 1 : 0;
            return isThere;
        }

        bool SkipWord(string word)
        {
            var isThere = text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase);
            at += isThere ? word.Length : 0;
            return isThere;
        }
    }
}

/// <summary>Represents a time as a table gives it, ns since the Unix epoch.</summary>
/// <param name="DayFirst">The time if the day stands before the month; null where there is no such date.</param>
/// <param name="MonthFirst">The time if the month stands before the day; the same where the text says which.</param>
readonly record struct TableTime(long? DayFirst, long? MonthFirst);
