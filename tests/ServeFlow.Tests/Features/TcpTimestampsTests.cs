using CsCheck;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class TcpTimestampsTests
{
    [Theory]
    [InlineData("0101080a1111111122222222", 4)]
    [InlineData("020405b40402080a11111111222222220103", 8)]
    [InlineData("080a1111111122222222", 2)]
    [InlineData("01080a1111111122222222", 3)]
    public void ValueMask_OptionAnywhere_CoversItsEightValueBytes(string options, int firstByte) =>
        Assert.Equal(0xfful << firstByte, TcpTimestamps.ValueMask(Convert.FromHexString(options)));

    [Theory]
    [InlineData("")]
    [InlineData("020405b4")]
    [InlineData("00080a1111111122222222")]
    [InlineData("0500080a1111111122222222")]
    [InlineData("05")]
    public void ValueMask_NoReachableOption_CoversNothing(string options) =>
        Assert.Equal(0ul, TcpTimestamps.ValueMask(Convert.FromHexString(options)));

    [Fact]
    public void ValueMask_AnyBytes_NeverReachesTheNoOptionBit() =>
        Gen.Byte.Array[0, 40].Sample(options =>
            (TcpTimestamps.ValueMask(options) >> FeatureColumn.NoOption) == 0, iter: 2000);
}
