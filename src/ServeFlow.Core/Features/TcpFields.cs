namespace ServeFlow.Features;

/// <summary>TCP header (RFC 9293, with RFC 3540's NS bit): nPrint's column names beside their bits.</summary>
static class TcpFields
{
    public static readonly HeaderLayout Layout = new(HeaderKind.Tcp, "tcp", HeaderRecord.TcpOffset, 60,
    [
        new("tcp_sprt", 0, 16),
        new("tcp_dprt", 16, 16),
        new("tcp_seq", 32, 32),
        new("tcp_ackn", 64, 32),
        new("tcp_doff", 96, 4),
        new("tcp_res", 100, 3),
        new("tcp_ns", 103, 1),
        new("tcp_cwr", 104, 1),
        new("tcp_ece", 105, 1),
        new("tcp_urg", 106, 1),
        new("tcp_ackf", 107, 1),
        new("tcp_psh", 108, 1),
        new("tcp_rst", 109, 1),
        new("tcp_syn", 110, 1),
        new("tcp_fin", 111, 1),
        new("tcp_wsize", 112, 16),
        new("tcp_cksum", 128, 16),
        new("tcp_urp", 144, 16),
        new("tcp_opt", 160, 320),
    ]);
}
