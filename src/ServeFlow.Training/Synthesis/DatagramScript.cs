namespace ServeFlow.Training.Synthesis;

/// <summary>Scripts conversations over UDP: QUIC-like, DNS, real-time media.</summary>
static class DatagramScript
{
    /// <summary>Audio codecs send a frame every 20 ms (RFC 3551, 4.5).</summary>
    const double FrameMilliseconds = 20;

    public static void Quic(Script script, ExchangeHabits habits, double roundTrip, SeededRandom dice)
    {
        var initial = habits.Initials.Draw(dice);
        var full = habits.Datagrams.Draw(dice);
        script.Client(initial, Content.QuicLong);
        script.Wait(roundTrip + dice.Exponential(habits.ThinkMilliseconds / 4));
        for (var flight = TlsScript.Varied(habits.ServerFlights, dice); flight > 0; flight -= full)
        {
            script.Server(Math.Min(flight, full), Content.QuicLong);
            script.Wait(0.02 + dice.Exponential(0.1));
        }

        script.Client(initial, Content.QuicLong);
        script.Wait(dice.Exponential(0.4));
        script.Client(TlsScript.Varied(habits.Finisheds, dice), Content.QuicLong);
        while (!script.IsFull && dice.Chance(0.97))
        {
            script.Client(TlsScript.Varied(habits.Requests, dice), Content.QuicShort);
            script.Wait(roundTrip + dice.Exponential(habits.ThinkMilliseconds));
            QuicResponse(script, TlsScript.Varied(habits.Responses, dice), full, dice);
            script.Wait(dice.Exponential(habits.GapMilliseconds));
        }
    }

    static void QuicResponse(Script script, int bytes, int full, SeededRandom dice)
    {
        for (var sent = 1; bytes > 0 && !script.IsFull; sent++, bytes -= full)
        {
            script.Server(Math.Min(bytes, full), Content.QuicShort);
            script.Wait(0.02 + dice.Exponential(0.1));
            if (sent % 2 == 0 || bytes <= full)
            {
                // An acknowledgement alone: short header, a few ranges, the tag.
                script.Client(dice.Between(29, 37), Content.QuicShort);
            }
        }
    }

    public static void Dns(Script script, ExchangeHabits habits, double roundTrip, SeededRandom dice)
    {
        var query = habits.Queries.Draw(dice) + dice.Below(12);
        var bothFamilies = dice.Chance(0.25);
        script.Client(query, Content.DnsQuery);
        if (bothFamilies)
        {
            script.Wait(0.05);
            script.Client(query, Content.DnsQuery);
        }

        // The resolver is near, and answers from its cache or asks on.
        script.Wait((roundTrip / 8) + (dice.Chance(0.3) ? dice.Exponential(40) : 0.2));
        script.Server(query + (16 * dice.Between(1, 6)), Content.DnsResponse);
        if (bothFamilies)
        {
            script.Wait(dice.Exponential(2));
            script.Server(query + (28 * dice.Between(1, 4)), Content.DnsResponse);
        }
    }

    public static void Media(Script script, ExchangeHabits habits, double roundTrip, SeededRandom dice)
    {
        var binding = habits.Bindings.Draw(dice);
        script.Client(binding, Content.Stun);
        script.Wait(roundTrip);
        script.Server(binding + (4 * dice.Between(0, 5)), Content.Stun);
        if (dice.Chance(0.7))
        {
            script.Wait(dice.Exponential(2));
            script.Client(TlsScript.Varied(habits.Finisheds, dice) + 100, Content.Dtls);
            script.Wait(roundTrip);
            script.Server(dice.Between(700, 1180), Content.Dtls);
        }

        var audio = habits.AudioFrames.Draw(dice);
        var video = habits.VideoPackets.Draw(dice);
        while (!script.IsFull && dice.Chance(0.995))
        {
            Frame(script, audio, video, dice);
        }
    }

    static void Frame(Script script, int audio, int video, SeededRandom dice)
    {
        script.Client(audio + dice.Below(12), Content.Rtp);
        script.Wait(FrameMilliseconds / 2);
        script.Server(audio + dice.Below(12), Content.Rtp);
        for (var packets = dice.Chance(0.6) ? dice.Between(1, 3) : 0; packets > 0; packets--)
        {
            script.Wait(0.1);
            script.Server(video + dice.Below(16), Content.Rtp);
        }

        script.Wait((FrameMilliseconds / 2) + (0.3 * dice.Uniform()));
    }
}
