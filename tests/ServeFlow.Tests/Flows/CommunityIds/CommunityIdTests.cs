using ServeFlow.Flows.CommunityIds;
using Xunit;

namespace ServeFlow.Tests.Flows.CommunityIds;

/// <summary>Vectors of the public Community ID specification and its reference implementation.</summary>
public sealed class CommunityIdTests
{
    [Theory]
    [InlineData(6, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "1:3V71V58M3Ksw/yuFALMcW0LAHvc=")]
    [InlineData(6, "66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
        "1:3V71V58M3Ksw/yuFALMcW0LAHvc=")]
    [InlineData(6, "10.0.0.1", 10, "10.0.0.2", 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM=",
        "1:HmBRGR+fUyXF4t8WEtal7Y0gEAo=")]
    [InlineData(6, "192.168.1.42", 41, "192.168.1.42", 42, "1:eRcf7I/xocOxnYo5pbJBV5NhVm0=", null)]
    [InlineData(6, "2001:db8::1", 443, "2001:db8::2", 51000, "1:2TiKiiiSIuDma9IxOEOpx4wCXWM=", null)]
    [InlineData(17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=")]
    [InlineData(17, "8.8.8.8", 53, "192.168.1.52", 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=",
        "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=")]
    [InlineData(132, "192.168.170.8", 7, "192.168.170.56", 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "1:Y1/0jQg6e+I3ZwZZ9LP65DNbTXU=")]
    [InlineData(132, "192.168.170.56", 80, "192.168.170.8", 7, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=",
        "1:Y1/0jQg6e+I3ZwZZ9LP65DNbTXU=")]
    [InlineData(46, "10.1.24.4", 0, "10.1.12.1", 0, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4=", null)]
    [InlineData(46, "1.2.3.4", 0, "5.6.7.8", 0, "1:ikv3kmf89luf73WPz1jOs49S768=", null)]
    [InlineData(1, "192.168.0.89", 8, "192.168.0.1", 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "1:03g6IloqVBdcZlPyX8r0hgoE7kA=")]
    [InlineData(1, "192.168.0.1", 0, "192.168.0.89", 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "1:03g6IloqVBdcZlPyX8r0hgoE7kA=")]
    [InlineData(1, "192.168.0.1", 0, "192.168.0.89", 20, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=",
        "1:03g6IloqVBdcZlPyX8r0hgoE7kA=")]
    [InlineData(1, "192.168.0.89", 20, "192.168.0.1", 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI=",
        "1:lCXHHxavE1Vq3oX9NH5ladQg02o=")]
    [InlineData(1, "192.168.0.89", 20, "192.168.0.1", 1, "1:tz/fHIDUHs19NkixVVoOZywde+I=",
        "1:Ie3wmFyxiEyikbsbcO03d2nh+PM=")]
    [InlineData(58, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=")]
    [InlineData(58, "fe80::260:97ff:fe07:69ea", 136, "fe80::200:86ff:fe05:80da", 0, "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=")]
    [InlineData(58, "3ffe:507:0:1:260:97ff:fe07:69ea", 3, "3ffe:507:0:1:200:86ff:fe05:80da", 0,
        "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w=", "1:OlOWx9psIbBFi7lOCw/4MhlKR9M=")]
    [InlineData(58, "3ffe:507:0:1:200:86ff:fe05:80da", 3, "3ffe:507:0:1:260:97ff:fe07:69ea", 0,
        "1:/OGBt9BN1ofenrmSPWYicpij2Vc=", "1:Ij4ZxnC87/MXzhOjvH2vHu7LRmE=")]
    public void Of_PublishedVector_Matches(byte protocol, string source, int sourcePort, string destination,
        int destinationPort, string seed0, string? seed1)
    {
        var bench = new FlowTableHarness();
        var flow = bench.Track(1, PacketMaker.Headers(protocol, source, sourcePort, destination, destinationPort));

        Assert.Equal(seed0, CommunityId.Compute(bench.Table[flow], 0));
        if (seed1 is not null)
        {
            Assert.Equal(seed1, CommunityId.Compute(bench.Table[flow], 1));
        }
    }

    /// <summary>The specification's bytes, 16 per address, hashed by Python's hashlib.</summary>
    [Fact]
    public void Compute_MappedAddressesInIpv6_AreHashedAtFullLength()
    {
        var headers = PacketMaker.Headers(PacketMaker.Tcp, "128.232.110.120", 34855, "66.35.250.204", 80);
        headers.IpVersion = 6;
        var bench = new FlowTableHarness();

        Assert.Equal("1:eo3GnKNliJYXE9S3kikB7cXLKQw=", CommunityId.Compute(bench.Table[bench.Track(1, headers)], 0));
    }

    [Fact]
    public void TryFormat_TooShortADestination_WritesNothing()
    {
        Span<byte> destination = stackalloc byte[CommunityId.Length - 1];

        Assert.False(CommunityId.TryFormat(default, 0, destination));
        Assert.True(destination.IndexOfAnyExcept((byte)0) < 0);
    }
}
