package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

// The components of conditions that are no network plugin.
const (
	kernelComponent     = "kernel"
	kubernetesComponent = "kubernetes"
	iptablesComponent   = "iptables"
	proxyComponent      = "proxy"
	cniComponent        = "cni"
)

// match decides one condition.
func (c *Condition) match(ctx Context) verdict {
	switch c.Component {
	case kernelComponent:
		return c.matchKernel(ctx.Kernel)
	case kubernetesComponent:
		return c.matchVersion(ctx.Kubernetes, askKubernetes)
	case iptablesComponent:
		return c.matchVersion(ctx.IPTables, askIPTables)
	case proxyComponent:
		if ctx.Proxy == "" {
			return missing(c.Component, askProxy)
		}
		return c.matchName(ctx.Proxy)
	case cniComponent:
		return c.matchCNI(ctx.CNI)
	}
	return c.matchPlugin(ctx.CNI)
}

// matchName decides a condition with In and Out.
func (c *Condition) matchName(name string) verdict {
	switch {
	case slices.Contains(c.In, name):
		return affected(text.Sprintf("%s is %s", "%s 为 %s", c.Component, name))
	case slices.Contains(c.Out, name):
		return notAffected(text.Sprintf("%s is %s", "%s 为 %s", c.Component, name))
	}
	return unknown(text.Sprintf("the sources say nothing of %s %s", "资料未提及 %s %s", c.Component, name))
}

// matchCNI decides a condition on the names of the network plugins: one that
// is in In is enough, all must be in Out to exclude.
func (c *Condition) matchCNI(cni string) verdict {
	if cni == "" {
		return missing(c.Component, askCNI)
	}
	all := verdict{status: StatusNotAffected}
	for _, p := range plugins(cni) {
		v := c.matchName(p.name)
		if v.status == StatusAffected {
			return v
		}
		if v.status == StatusUnknown {
			all.status = StatusUnknown
		}
		all.add(v)
	}
	return all
}

// matchPlugin decides a condition on the version of a network plugin.
func (c *Condition) matchPlugin(cni string) verdict {
	if cni == "" {
		return missing(cniComponent, askCNI)
	}
	for _, p := range plugins(cni) {
		if p.name == c.Component {
			return c.matchVersion(p.version, askPlugin(c.Component))
		}
	}
	return notAffected(text.Sprintf("cni is %s, not %s", "cni 为 %s，不是 %s", cni, c.Component))
}

// matchVersion decides a condition on a version that is not the kernel's.
func (c *Condition) matchVersion(version string, ask text.Text) verdict {
	if version == "" {
		return missing(c.Component, ask)
	}
	numbers, err := parseVersion(version)
	if err != nil {
		return unreadable(c.Component, version, ask)
	}
	if !strings.Contains(version, c.Build) {
		return notAffected(text.Sprintf("%s %s is no build of %s", "%s %s 不是 %s 构建", c.Component, version, c.Build))
	}
	return c.within(numbers, text.Text{EN: c.Component + " " + version, ZH: c.Component + " " + version})
}

// within decides by numbers alone; who names the component and its version.
func (c *Condition) within(numbers []int, who text.Text) verdict {
	if c.From != "" && compareNumbers(numbers, bound(c.From)) < 0 {
		return notAffected(older(who, c.From))
	}
	fixed := c.Fixed
	for _, b := range c.Backports {
		if sameSeries(numbers, bound(b)) {
			fixed = b
		}
	}
	switch {
	case fixed == "":
		return affected(orLater(who, c.From))
	case compareNumbers(numbers, bound(fixed)) >= 0:
		return notAffected(orLater(who, fixed))
	case c.From == "":
		return affected(older(who, fixed))
	}
	return affected(text.Text{
		EN: fmt.Sprintf("%s is %s or later and older than %s", who.EN, c.From, fixed),
		ZH: fmt.Sprintf("%s 不早于 %s 且早于 %s", who.ZH, c.From, fixed),
	})
}

func older(who text.Text, bound string) text.Text {
	return text.Text{EN: who.EN + " is older than " + bound, ZH: who.ZH + " 早于 " + bound}
}

func orLater(who text.Text, bound string) text.Text {
	return text.Text{EN: who.EN + " is " + bound + " or later", ZH: who.ZH + " 不早于 " + bound}
}

// bound returns the numbers of a version in an entry. Parse has checked that
// it is one, so that anything else is a fault of this package.
func bound(version string) []int {
	numbers, err := parseVersion(version)
	if err != nil {
		panic(fmt.Sprintf("catalog: unchecked bound: %v", err))
	}
	return numbers
}

func affected(why text.Text) verdict {
	return verdict{status: StatusAffected, why: []text.Text{why}}
}

func notAffected(why text.Text) verdict {
	return verdict{status: StatusNotAffected, why: []text.Text{why}}
}

func unknown(why text.Text, ask ...text.Text) verdict {
	return verdict{status: StatusUnknown, why: []text.Text{why}, ask: ask}
}

func missing(component string, ask text.Text) verdict {
	return unknown(text.Sprintf("%s was not given", "未提供 %s", component), ask)
}

func unreadable(component, version string, ask text.Text) verdict {
	return unknown(text.Sprintf("%s %q cannot be read as a version", "无法识别 %s 版本 %q", component, version), ask)
}
