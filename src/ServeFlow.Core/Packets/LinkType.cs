namespace ServeFlow.Packets;

/// <summary>Link-layer header types that are decoded. Values: the LINKTYPE_ registry of tcpdump.org.</summary>
public enum LinkType
{
    BsdLoopback = 0,
    Ethernet = 1,
    Ppp = 9,
    RawBsd = 12,
    RawOpenBsd = 14,
    PppSerial = 50,
    Raw = 101,
    CiscoHdlc = 104,
    Wifi = 105,
    OpenBsdLoopback = 108,
    LinuxCooked = 113,
    WifiRadiotap = 127,
    Ipv4 = 228,
    Ipv6 = 229,
    LinuxCooked2 = 276,
}
