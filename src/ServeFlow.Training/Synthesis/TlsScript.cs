namespace ServeFlow.Training.Synthesis;

/// <summary>A TCP connection that carries TLS-like records: handshake, hellos, requests and responses, an
/// end.</summary>
static class TlsScript
{
    const TcpFlag Ack = TcpFlag.Ack;
    const TcpFlag Push = TcpFlag.Ack | TcpFlag.Psh;

    public static void Write(Script script, ExchangeHabits habits, Party client, Party server, double roundTrip,
        int segment, SeededRandom dice)
    {
        script.Client(0, Content.None, TcpFlag.Syn | (client.AsksForEcn ? TcpFlag.Ece | TcpFlag.Cwr : 0));
        script.Wait(roundTrip);
        script.Server(0, Content.None, TcpFlag.Syn | Ack | (client.AsksForEcn && server.AsksForEcn
            ? TcpFlag.Ece
            : 0));
        script.Wait(0.02 + dice.Exponential(0.1));
        script.Client(0, Content.None, Ack);
        script.Wait(0.1 + dice.Exponential(1));
        Send(script, backward: false, Varied(habits.ClientHellos, dice), segment, 0, Content.Handshake, dice);
        Answer(script, habits.ServerFlights, habits.ThinkMilliseconds / 4, client, roundTrip, segment, dice,
            Content.Handshake);
        script.Client(Varied(habits.Finisheds, dice), Content.Records, Push);
        while (!script.IsFull && dice.Chance(0.97))
        {
            script.Wait(dice.Exponential(habits.GapMilliseconds / 8));
            Send(script, backward: false, Varied(habits.Requests, dice), segment, 0, Content.Records, dice);
            Answer(script, habits.Responses, habits.ThinkMilliseconds, client, roundTrip, segment, dice,
                Content.Records);
            script.Wait(dice.Exponential(habits.GapMilliseconds));
        }

        End(script, roundTrip, dice);
    }

    /// <summary>The server acknowledges, thinks and sends; the client acknowledges as its stack does.</summary>
    static void Answer(Script script, WeightedChoice<int> sizes, double think, Party client, double roundTrip,
        int segment,
        SeededRandom dice, Content content)
    {
        script.Wait(roundTrip);
        if (think > 8 || dice.Chance(0.5))
        {
            script.Server(0, Content.None, Ack);
        }

        script.Wait(dice.Exponential(think));
        Send(script, backward: true, Varied(sizes, dice), segment, client.Stack.AckEvery, content, dice);
    }

    /// <param name="ackEvery">Segments that the other side acknowledges at once; 0: it does not.</param>
    static void Send(Script script, bool backward, int bytes, int segment, int ackEvery, Content content,
        SeededRandom dice)
    {
        for (var sent = 1; bytes > 0 && !script.IsFull; sent++, bytes -= segment)
        {
            var flags = bytes <= segment ? Push : Ack;
            if (backward)
            {
                script.Server(Math.Min(bytes, segment), content, flags);
            }
            else
            {
                script.Client(Math.Min(bytes, segment), content, flags);
            }

            script.Wait(0.01 + dice.Exponential(0.05));
            if (ackEvery > 0 && (sent % ackEvery == 0 || bytes <= segment))
            {
                script.Client(0, Content.None, Ack);
                script.Wait(0.01 + dice.Exponential(0.03));
            }
        }
    }

    static void End(Script script, double roundTrip, SeededRandom dice)
    {
        if (dice.Chance(0.2))
        {
            script.Client(0, Content.None, TcpFlag.Rst | Ack);
            return;
        }

        script.Client(0, Content.None, TcpFlag.Fin | Ack);
        script.Wait(roundTrip);
        script.Server(0, Content.None, TcpFlag.Fin | Ack);
        script.Wait(0.05);
        script.Client(0, Content.None, Ack);
    }

    /// <summary>Returns a size as names, tickets and cookies vary it: up to a sixteenth more.</summary>
    public static int Varied(WeightedChoice<int> sizes, SeededRandom dice)
    {
        var size = sizes.Draw(dice);
        return size + dice.Below(2 + (size / 16));
    }
}
