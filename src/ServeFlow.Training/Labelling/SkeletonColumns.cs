namespace ServeFlow.Training.Labelling;

/// <summary>The columns of a labels file without labels, as <see cref="SkeletonWriter"/> writes them.</summary>
static class SkeletonColumns
{
    public const string Header =
        "pcap,src,sport,dst,dport,proto,first_ts,last_ts,packets,bytes,src_mac,dst_mac,community_id,label";
}
