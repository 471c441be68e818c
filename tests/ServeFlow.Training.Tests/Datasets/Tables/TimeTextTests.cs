using ServeFlow.Training.Datasets.Tables;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Tables;

public sealed class TimeTextTests
{
    /// <summary>25 July 2017, 15:30:07 UTC.</summary>
    const long Second = 1_500_996_607;

    [Theory]
    [InlineData("1500996607", 0)]
    [InlineData("1500996607.123456789", 123_456_789)]
    [InlineData("1500996607,25", 250_000_000)]
    [InlineData("1500996607250", 250_000_000)]
    [InlineData("1500996607250.0", 250_000_000)]
    [InlineData("1500996607250001", 250_001_000)]
    [InlineData("1500996607250001002", 250_001_002)]
    [InlineData("1.500996607e9", 0)]
    [InlineData("2017-07-25T15:30:07Z", 0)]
    [InlineData("2017-07-25T15:30:07.25", 250_000_000)]
    [InlineData("2017-07-25 15:30:07,250", 250_000_000)]
    [InlineData("2017-07-25T17:30:07.123456+0200", 123_456_000)]
    [InlineData("2017-07-25T10:00:07-05:30", 0)]
    [InlineData("2017-07-25 15:30:07 UTC", 0)]
    [InlineData("2017/07/25 15:30:07.123456789", 123_456_789)]
    [InlineData("25/07/2017 03:30:07 PM", 0)]
    [InlineData("25/7/2017 3:30:07 pm", 0)]
    [InlineData("25.07.2017 15:30:07", 0)]
    public void TryParse_TimeOfATool_IsRead(string text, long fraction)
    {
        Assert.True(TimeText.TryParse(text, "timestamp", out var time));
        Assert.Equal((Second * 1_000_000_000) + fraction, time.DayFirst);
    }

    [Theory]
    [InlineData("bidirectionalfirstseenms", "5000", 5_000_000_000)]
    [InlineData("flowstartmicroseconds", "5000", 5_000_000)]
    [InlineData("firstts", "5000", 5_000_000_000_000)]
    public void TryParse_ColumnThatNamesItsUnit_IsReadInIt(string column, string text, long expected)
    {
        Assert.True(TimeText.TryParse(text, column, out var time));
        Assert.Equal(expected, time.DayFirst);
    }

    [Theory]
    [InlineData("12:00:00 AM", 0)]
    [InlineData("12:00:00 PM", 43_200)]
    [InlineData("00:00", 0)]
    [InlineData("3:05", 11_100)]
    public void TryParse_TimeOfDay_IsRead(string text, long seconds)
    {
        Assert.True(TimeText.TryParse("1970-01-01 " + text, "", out var time));
        Assert.Equal(seconds * 1_000_000_000, time.DayFirst);
    }

    [Fact]
    public void TryParse_DateThatCanBeReadTwoWays_GivesBoth()
    {
        Assert.True(TimeText.TryParse("05/07/2017 08:42", "", out var time));
        Assert.True(TimeText.TryParse("2017-07-05T08:42Z", "", out var dayFirst));
        Assert.True(TimeText.TryParse("2017-05-07T08:42Z", "", out var monthFirst));
        Assert.Equal((dayFirst.DayFirst, monthFirst.DayFirst), (time.DayFirst, time.MonthFirst));
    }

    [Theory]
    [InlineData("")]
    [InlineData("noon")]
    [InlineData("-5")]
    [InlineData("2017-07-25")]
    [InlineData("25/13/2017 10:00")]
    [InlineData("30/02/2017 10:00")]
    [InlineData("2017-07-25 24:00:00")]
    [InlineData("2017-07-25 15:60:00")]
    [InlineData("2017-07-25 13:00:00 PM")]
    [InlineData("2017-07-25 15:30:07 CEST")]
    [InlineData("2017-07-25 15:30:07 +02:00 x")]
    [InlineData("50000000000")]
    [InlineData("1.4992E+09")]
    [InlineData("1,499,170,300")]
    [InlineData("99999999999999999999999999")]
    public void TryParse_NoTime_False(string text) => Assert.False(TimeText.TryParse(text, "firstts", out _));

    [Fact]
    public void Column_OneDateDecides_AllAreReadItsWay()
    {
        var column = Column("07/05/2017 08:42", "07/25/2017 08:42");

        Assert.Equal([Ns("2017-07-05T08:42Z"), Ns("2017-07-25T08:42Z")], column.Resolve("labels.csv"));
    }

    [Fact]
    public void Column_DatesOfBothOrders_AreRefused()
    {
        var error = Assert.Throws<InputException>(() =>
            Column("25/07/2017 08:42", "07/25/2017 08:42").Resolve("labels.csv"));

        Assert.Equal("labels.csv:3: day and month stand in another order than in line 2; write dates one way, best as "
            + "2017-07-25T15:30:00Z", error.Message);
    }

    [Theory]
    [InlineData(60_000_000_000, "2017-07-25 08:42:00", "2017-07-25 08:43:00")]
    [InlineData(1_000_000_000, "2017-07-25 08:42:00", "2017-07-25 08:43:01")]
    [InlineData(1_000_000_000, "1500000000.000", "1500000001.000")]
    [InlineData(100_000_000, "1500000000.500", "1500000001.000")]
    [InlineData(1_000_000, "1500000000.123", "1500000001.100")]
    [InlineData(1_000_000, "1500000000.123456", "1500000001")]
    public void Tolerance_OfAllTimes_IsWhatTheFinestLeavesOut(long expected, params string[] texts) =>
        Assert.Equal(expected, TimeColumn.ToleranceNs(texts.Select(text => (long?)Ns(text))));

    static TimeColumn Column(params string[] texts)
    {
        var column = new TimeColumn();
        foreach (var (i, text) in texts.Index())
        {
            Assert.True(TimeText.TryParse(text, "timestamp", out var time));
            column.Add(time, i + 2);
        }

        return column;
    }

    static long Ns(string text) => TimeText.TryParse(text, "", out var time) ? time.DayFirst!.Value : 0;
}
