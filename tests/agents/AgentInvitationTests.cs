using Fleet.Agent.Enrolling;
using Spectre.Console;
using Spectre.Console.Rendering;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What a person sees who stands before the machine.</summary>
public class AgentInvitationTests
{
    private const string Address = "https://fleet.example/device?user_code=BCDF-GHJK";
    private static readonly Invitation Invitation = new("BCDF-GHJK", "https://fleet.example/device", Address, "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", Noon.AddMinutes(15));

    [Test]
    public void In_a_pipe_it_is_lines_with_address_code_and_fingerprint()
    {
        var output = new StringWriter();
        ShowInvitation.On(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) }), output, Invitation);
        Assert.That(output.ToString(), Is.EqualTo($"open         {Address}\ncode         BCDF-GHJK\nfingerprint  {Invitation.KeyId}\nuntil        12:15:00 UTC\n"));
    }

    [Test]
    public void On_a_terminal_the_picture_says_both_colours_so_that_it_is_the_same_on_light_and_dark()
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Out = new Terminal(output) });
        ShowInvitation.On(console, output, Invitation);
        var picture = output.ToString().Split('\n').Where(line => line.Contains('█', StringComparison.Ordinal)).ToList();
        Assert.That(picture, Has.Count.InRange(19, 23));
        Assert.That(picture, Has.All.Contains("38;5;231;48;5;16").Or.All.Contains("38;2;255;255;255;48;2;0;0;0"));
        Assert.That(output.ToString(), Does.Contain("BCDF-GHJK").And.Contain(Invitation.KeyId).And.Contain("https://fleet.example/device"));
    }

    [Test]
    public void The_picture_has_its_quiet_zone_and_three_finder_patterns()
    {
        var rows = ShowInvitation.Rows(Address).ToList();
        var size = rows[0].Length;
        // Version 3 holds the address: 29 modules and four on each side.
        Assert.That((size, rows.Count), Is.EqualTo((37, 19)));
        bool Light(int row, int column) => rows[row / 2][column] is '█' || (rows[row / 2][column] is '▀' && row % 2 == 0) || (rows[row / 2][column] is '▄' && row % 2 == 1);
        for (var at = 0; at < size; at++)
            Assert.That(new[] { Light(0, at), Light(3, at), Light(at, 0), Light(at, 3), Light(at, size - 1) }, Has.All.True, $"quiet zone at {at}");
        foreach (var (row, column) in new[] { (4, 4), (4, size - 11), (size - 11, 4) })
            for (var (y, x) = (0, 0); y < 7; (y, x) = x == 6 ? (y + 1, 0) : (y, x + 1))
                Assert.That(Light(row + y, column + x), Is.EqualTo(Math.Max(Math.Abs(y - 3), Math.Abs(x - 3)) == 2), $"finder at {row},{column}: {y},{x}");
    }

    private sealed class Terminal(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;
        public bool IsTerminal => true;
        public int Width => 120;
        public int Height => 50;
        public void SetEncoding(System.Text.Encoding encoding) { }
    }
}
